# frozen_string_literal: true

# Prints a line of JSON for each row of bindings/bench: `ruby bench/run.rb`.

require "json"
require_relative "../cog_auth"

SAMPLES = 11
SAMPLE_SECONDS = 0.05
INPUTS = JSON.parse(
  File.read(ENV["COGAUTH_BENCH_INPUTS"] || "#{__dir__}/../../bench/inputs.json"),
  symbolize_names: true
)

def seconds(times)
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  i = 0
  while i < times
    yield
    i += 1
  end
  Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
end

def allocations
  GC.disable
  before = GC.stat(:total_allocated_objects)
  100.times { yield }
  (GC.stat(:total_allocated_objects) - before) / 100
ensure
  GC.enable
end

def row(with, work, &call)
  times = 100
  times *= 2 while seconds(times, &call) < SAMPLE_SECONDS
  samples = Array.new(SAMPLES) { seconds(times, &call) / times * 1e9 }
  puts JSON.generate(
    language: "ruby", with: with, work: work, ns: samples.sort[SAMPLES / 2].round(1),
    allocations: allocations(&call)
  )
end

keys = CogAuth::EdgeKeys.new(INPUTS[:edge_keys])
policy = CogAuth::Policy.builtin
gate = CogAuth::Gate.new(policy: policy, keys: keys)
token, now, request = INPUTS.values_at(:token, :now, :policy_request)

row("cog-auth", "verify") { keys.verify(token, now).id }
row("cog-auth", "decide") { policy.decide(request) or raise }
row("cog-auth", "evaluate") { policy.evaluate(request) }

record = ->(_) { INPUTS[:record] }
facts = ->(_, _) { INPUTS[:facts] }
row("cog-auth", "gate") do
  outcome = gate.guard(
    method: INPUTS[:method], target: INPUTS[:target], authorization: [INPUTS[:authorization]],
    now: now, record: record, facts: facts
  )
  outcome.principal[:id] && outcome.action && outcome.audit or raise
end

# What a user would take instead, where it is installed.
begin
  require "jwt"
  secret = "0123456789abcdef0123456789abcdef"
  claims = { sub: "su_ci", jti: "AAAABBBBCCCC", exp: 4_000_000_000 }
  signed = JWT.encode(claims, secret, "HS256")
  name = "jwt #{Gem.loaded_specs["jwt"]&.version || JWT::VERSION::STRING} HS256"
  row(name, "verify") { JWT.decode(signed, secret, true, algorithm: "HS256").first["sub"] }
rescue LoadError
  warn "jwt is not installed: no row for it"
end
