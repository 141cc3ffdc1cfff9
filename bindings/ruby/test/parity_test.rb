# frozen_string_literal: true

require_relative "helper"
require "parity"

class ParityTest < Minitest::Test
  def test_every_call_is_answered_as_by_the_crate
    parity = Parity.new(ENV.fetch("COGAUTH_PARITY"))
    parity.run
    assert_empty parity.differences, parity.differences.first(5).join("\n")
    assert_operator parity.counts.values.min, :>, 0
    path = ENV["COGAUTH_PARITY_TABLE"] or return
    row = { language: "ruby", operations: parity.counts.sort.to_h, differences: 0 }
    File.open(path, "a") { |file| file.puts(JSON.generate(row)) }
  end
end
