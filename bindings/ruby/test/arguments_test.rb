# frozen_string_literal: true

require_relative "helper"

# What is given for a limit is never taken for none, whatever its type; and texts have an encoding.
class ArgumentsTest < Minitest::Test
  include Fixtures

  def gate(**options) = CogAuth::Gate.new(policy: policy, keys: keys, **options)

  def test_limits_of_gates
    { retry_after: [false, "5", 1.5], max_record_age: [false, "60", 1.5], realm: [false, 5],
      peppers: [false, {}], pass_on: [nil, "false", 0], preflight: [nil, "no", 1] }
      .each do |name, values|
        values.each { |wrong| assert_code(701) { gate(name => wrong) } }
      end
  end

  def test_limits_of_records
    draft = { principal: "su", scopes: ["*"], created_at: INPUTS[:now] }
    issued = ->(more) { CogAuth.issue_record(INPUTS[:token], **draft, **more) }
    { edges: [nil, "no", 1], organizations: [false, "org-a", {}], not_before: [false, "1"],
      expires_at: [false, "1", 1.5], created_at: [nil, false], peppers: [false, "p"],
      addresses: [false, "::1", {}], name: [false, 5], metadata: [false, {}],
      scopes: [nil, false, "*"] }.each do |name, values|
      values.each { |wrong| assert_code(701) { issued.({ edges: true, name => wrong }) } }
    end
    none = JSON.parse(issued.({ edges: true, organizations: [], expires_at: INPUTS[:now] + 1 }))
    assert_equal [[], INPUTS[:now] + 1], none.values_at("organizations", "expires_at")
    assert_equal [], JSON.parse(issued.({ edges: true, addresses: [] }))["addresses"]
  end

  def test_limits_of_changed_records
    record, now = INPUTS.values_at(:record, :now)
    rotated = ->(**more) { CogAuth.rotate_record(record, record, now, now, **more) }
    [nil, "no", 1].each { |wrong| assert_code(701) { rotated.(later_expiry: wrong) } }
    [false, "60", 1.5].each do |wrong|
      assert_code(701) { rotated.(max_grace: wrong) }
      assert_code(701) { CogAuth.use_record(record, wrong) }
      assert_code(701) { CogAuth.inactive_because(record, wrong) }
    end
    [-1, 2**53, 2**64 - 1].each { |most| assert_code(135) { rotated.(max_grace: most) } }
    [false, 5, []].each do |wrong|
      assert_code(701) { CogAuth.merge_records(record, wrong) }
      assert_code(701) do
        gate.begin(method: "GET", target: "/", authorization: [], client_address: wrong)
      end
    end
  end

  def test_limits_of_tokens
    roots = CogAuth::RootKeys.generate("01")
    [false, "20000", 1.5].each do |wrong|
      assert_code(701) { roots.mint(key_id: "01", kind: "sample", hard_expiry: wrong) }
    end
    [nil, false, 5, "a"].each do |wrong|
      assert_code(701) { CogAuth::Policy.check(wrong) }
    end
    [false, 5].each do |wrong|
      assert_code(701) { CogAuth::Policy.new(policy.image, sha256: wrong) }
    end
  end

  def test_encodings
    [Encoding::UTF_16LE, Encoding::UTF_32BE].each do |encoding|
      text = INPUTS[:token].encode(encoding)
      assert_equal INPUTS[:now].class, keys.verify(text, INPUTS[:now]).key_id.to_i.class
      assert_equal CogAuth.redact(INPUTS[:token]), CogAuth.redact(text)
    end
    name = "d\u00e9ploiement"
    draft = { principal: "su", scopes: ["*"], created_at: INPUTS[:now], edges: true }
    latin = name.encode(Encoding::ISO_8859_1)
    record = CogAuth.issue_record(INPUTS[:token], **draft, name: latin, scopes: ["*"])
    assert_equal name, JSON.parse(record)["name"]
    half = "\xd8\0".dup.force_encoding(Encoding::UTF_16BE)
    assert_code(202) { CogAuth.redact(half) }
    assert_code(202) { CogAuth.redact_decoding(half) }
    assert_code(202) { CogAuth.authorization([half]) }
    # An image is no text: its encoding says nothing.
    image = policy.image.force_encoding(Encoding::ISO_8859_1)
    assert_equal policy.digest, CogAuth::Policy.new(image).digest
  end
end
