-- Prints a line of JSON for each row of bindings/bench: `luajit bench/run.lua`.

local package_folder = arg[0]:match "^(.*)/bench/[^/]+$" or "."
package.path = ("%s/?.lua;%s"):format(package_folder, package.path)

local ffi = require "ffi"
local cog_auth = require "cog_auth"

ffi.cdef [[
struct cogauth_bench_time { long seconds; long nanoseconds; };
int clock_gettime(int, struct cogauth_bench_time *);
]]
local MONOTONIC, SAMPLES, SAMPLE_NS = 1, 11, 5e7
local time = ffi.new "struct cogauth_bench_time"

local function now_ns()
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
end

local function timed(work, times)
  local start = now_ns()
  for _ = 1, times do work() end
  return (now_ns() - start) / times
end

local function row(name, work)
  local times = 100
  while timed(work, times) * times < SAMPLE_NS do times = times * 2 end
  local samples = {}
  for i = 1, SAMPLES do samples[i] = timed(work, times) end
  table.sort(samples)
  print(('{"language": "lua", "with": "cog-auth", "work": "%s", "ns": %.1f, "allocations": null}')
    :format(name, samples[(SAMPLES + 1) / 2]))
end

local path = os.getenv "COGAUTH_BENCH_INPUTS" or package_folder .. "/../bench/inputs.json"
local file = assert(io.open(path, "rb"))
local inputs = cog_auth.decode(file:read "*a")
file:close()

local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
local policy = assert(cog_auth.Policy.builtin())
local gate = assert(cog_auth.Gate { policy = policy, keys = keys })

row("verify", function() assert(keys:verify(inputs.token, inputs.now).id) end)
row("decide", function() assert(policy:decide(inputs.policy_request) == true) end)
row("evaluate", function() assert(policy:evaluate(inputs.policy_request)) end)

local stores = {
  record = function() return inputs.record end, facts = function() return inputs.facts end,
}
row("gate", function()
  local request = {
    method = inputs.method, target = inputs.target, authorization = { inputs.authorization },
  }
  local outcome = gate:guard(request, inputs.now, stores)
  assert(outcome.step == "allowed" and outcome.principal.id and outcome.action and outcome.audit)
end)
