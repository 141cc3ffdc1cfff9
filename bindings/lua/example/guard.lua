-- The gate of the example, and the two stores that it asks.

local cog_auth = require "cog_auth"

local gate
local stores = {}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- Records are in a dictionary that all workers share. `get` returns the text, or nil if there is
-- none, or nil and a reason: what a store returns.
function stores.record(id) return ngx.shared.records:get(id) end

-- Facts are asked of a service. Only a 404 of its own means that there are none.
function stores.facts(principal, organization)
  local args = { principal = principal, organization = organization }
  local options = { args = args, method = ngx.HTTP_GET, always_forward_body = false }
  local answer = ngx.location.capture("/facts", options)
  if answer.status == 200 and not answer.truncated then return answer.body end
  if answer.status == 404 then return nil end
  return nil, "the service of facts answered " .. answer.status
end

local M = {}

--- Loads everything from a folder. Nothing is served if that fails.
function M.load(folder)
  local keys = assert(cog_auth.EdgeKeys(read(folder .. "edge-keys.json")))
  local policy = assert(cog_auth.Policy.builtin())
  gate = assert(cog_auth.Gate { policy = policy, keys = keys, realm = "example" })
  keys:close()
  policy:close()
  local record = read(folder .. "record.json")
  assert(ngx.shared.records:set(assert(cog_auth.read_record(record)).id, record))
end

--- Lets a request through and returns the outcome, or refuses it. `options` are those of cog_auth.
function M.access(options) return cog_auth.access(gate, stores, options) end

return M
