# frozen_string_literal: true

require_relative "helper"

# A newer library may answer numbers and names that this file does not know: none of them allows.
class NewerTest < Minitest::Test
  NATIVE = CogAuth.module_eval { const_get(:Native) }

  def test_denials
    reason = ->(*numbers) { CogAuth::Policy.send(:reason, *numbers) }
    assert_nil reason.(1, 0)
    assert_equal :forbidden, reason.(0, 1)
    assert_equal :none, reason.(0, 0)
    [[0, 5], [0, 2**32 - 1], [2, 99]].each do |numbers|
      assert_equal :indeterminate, reason.(*numbers)
    end
  end

  def test_steps
    known = CogAuth.send(:step_of, { step: "record", id: "AAAABBBBCCCC", added: 1 })
    assert_equal CogAuth::RecordNeeded.new("AAAABBBBCCCC"), known
    [{ step: "challenge" }, { step: nil }, {}].each do |members|
      step = CogAuth.send(:step_of, members)
      assert_kind_of CogAuth::Refused, step
      assert_equal [503, 606, "unavailable"], [step.status, step.number, step.code]
      assert_equal 503, JSON.parse(step.body)["status"]
      assert_includes step.cause.message, "is not known"
    end
  end

  def test_kinds
    token = [76, 77, 0, "01", "AAAABBBBCCCC", "cog"].pack("LLLa4a16a32")
    assert_equal "unknown", CogAuth.send(:token_of, token).kind
  end

  def test_the_abi
    assert_nil NATIVE.check_abi(0x1_0003, 1, 3)
    assert_nil NATIVE.check_abi(0x1_0004, 1, 3)
    [0x1_0002, 0x2_0003, 0x0_0004].each do |version|
      assert_raises(LoadError) { NATIVE.check_abi(version, 1, 3) }
    end
  end
end
