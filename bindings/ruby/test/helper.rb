# frozen_string_literal: true

PACKAGE = File.expand_path("..", __dir__)
ROOT = File.expand_path("../..", PACKAGE)
$LOAD_PATH.unshift(PACKAGE, __dir__)

require "json"
require "minitest/autorun"
require "cog_auth"

INPUTS = JSON.parse(
  File.read(ENV["COGAUTH_BENCH_INPUTS"] || "#{ROOT}/bindings/bench/inputs.json"),
  symbolize_names: true
).freeze

module Fixtures
  def keys = @keys ||= CogAuth::EdgeKeys.new(INPUTS[:edge_keys])
  def policy = @policy ||= CogAuth::Policy.builtin

  def request
    { method: INPUTS[:method], target: INPUTS[:target], authorization: [INPUTS[:authorization]],
      now: INPUTS[:now] }
  end

  def assert_code(code, &block)
    error = assert_raises(CogAuth::Error, &block)
    assert_equal code, error.code
    error
  end
end
