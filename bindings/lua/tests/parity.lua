-- Puts all calls of bindings/parity, whose README says what they are, to the module: an answer must
-- be what the Rust crate answered, byte for byte.

local cog_auth = require "cog_auth"
local canonical = require("json").canonical

local function spelled(value)
  if type(value) == "string" then return value end
  if value.hex then
    return (value.hex:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end))
  end
  if value["repeat"] then return spelled(value["repeat"][1]):rep(value["repeat"][2]) end
  local parts = {}
  for i, part in ipairs(value) do parts[i] = spelled(part) end
  return table.concat(parts)
end

local function given(value) if value ~= cog_auth.null then return value end end
local function list(values) return setmetatable(values, cog_auth.array) end

-- Handles are kept by what they were made of.
local function cached(make)
  local made = {}
  return function(key)
    if not made[key] then
      local handle, problem = make(key)
      if not handle then return nil, problem end
      made[key] = handle
    end
    return made[key]
  end
end

local edge_keys, peppers = cached(cog_auth.EdgeKeys.new), cached(cog_auth.Peppers.new)
local images, policy = {}, nil

local function loads(class)
  return function(call)
    local keys, problem = class.new(spelled(call.keys))
    if not keys then return nil, problem end
    keys:close()
    return true
  end
end

local function values_of(call)
  local values = {}
  for _ = 1, call.times do
    for _, value in ipairs(call.values) do values[#values + 1] = spelled(value) end
  end
  return values
end

local function documents_of(call)
  local documents = {}
  for i, pair in ipairs(call.documents) do documents[i] = { pair[1], spelled(pair[2]) } end
  return documents
end

-- Text whose bytes are no UTF-8 has U+FFFD where they are not, as the answers have it.
local function lossy(text)
  local replacement, at, parts = "\239\191\189", 1, {}
  local function continues(from, first, last)
    local byte = text:byte(from)
    return byte and byte >= (first or 0x80) and byte <= (last or 0xBF)
  end
  while at <= #text do
    local byte, size, first, last = text:byte(at), 1, nil, nil
    if byte >= 0xC2 and byte <= 0xDF then size = 2
    elseif byte >= 0xE0 and byte <= 0xEF then size = 3
    elseif byte >= 0xF0 and byte <= 0xF4 then size = 4
    elseif byte >= 0x80 then size = 0 end
    if byte == 0xE0 then first = 0xA0 elseif byte == 0xED then last = 0x9F
    elseif byte == 0xF0 then first = 0x90 elseif byte == 0xF4 then last = 0x8F end
    local good = math.min(size, 1)
    while good > 0 and good < size
      and continues(at + good, good == 1 and first or nil, good == 1 and last or nil) do
      good = good + 1
    end
    if size > 0 and good == size then
      parts[#parts + 1] = text:sub(at, at + size - 1)
    else
      parts[#parts + 1] = replacement
    end
    at = at + math.max(good, 1)
  end
  return table.concat(parts)
end

local function in_policy(method)
  return function(call)
    local asked = policy(call.policy)
    return asked[method](asked, spelled(call.request))
  end
end

local OPERATIONS = {
  parse = function(call) return cog_auth.parse_token(spelled(call.token)) end,
  verify = function(call)
    local keys, problem = edge_keys(call.keys)
    if not keys then return nil, problem end
    return keys:verify(spelled(call.token), call.now)
  end,
  load_edge_keys = loads(cog_auth.EdgeKeys),
  load_peppers = loads(cog_auth.Peppers),
  load_root_keys = loads(cog_auth.RootKeys),
  derive_keys = function(call)
    local roots = assert(cog_auth.RootKeys(call.roots))
    return list { roots:edge_keys():expose(), roots:peppers():expose() }
  end,
  mint = function(call)
    local roots, problem = cog_auth.RootKeys(call.roots)
    if not roots then return nil, problem end
    return roots:mint {
      key_id = call.keyId, kind = call.kind, hard_expiry = given(call.hardExpiry),
      random = spelled(call.random),
    }
  end,
  digest = function(call)
    return cog_auth.digest(call.token, call.principal, assert(peppers(call.peppers)))
  end,
  edge_digest = function(call) return cog_auth.edge_digest(call.token, call.principal) end,
  accept_at_edge = function(call)
    return cog_auth.accept_at_edge(
      assert(edge_keys(call.keys)), call.token, call.verifiedAt, given(call.record), call.now)
  end,
  accept_at_origin = function(call)
    return cog_auth.accept_at_origin(assert(edge_keys(call.keys)), assert(peppers(call.peppers)),
      call.token, call.verifiedAt, given(call.record), call.now)
  end,
  issue_record = function(call)
    local set = given(call.peppers)
    return cog_auth.issue_record(spelled(call.token), {
      principal = call.principal, scopes = call.scopes, created_at = call.createdAt,
      peppers = set and assert(peppers(set)), edges = call.edges,
      organizations = call.organizations, addresses = call.addresses, name = call.name,
      not_before = call.notBefore,
      expires_at = call.expiresAt,
      metadata = call.metadata,
    })
  end,
  read_record = function(call) return cog_auth.read_record(spelled(call.record)) end,
  edge_record = function(call) return cog_auth.edge_record(call.record) end,
  display_record = function(call) return cog_auth.display_record(spelled(call.record)) end,
  revoke_record = function(call) return cog_auth.revoke_record(call.record, call.at) end,
  use_record = function(call) return cog_auth.use_record(call.record, call.at) end,
  merge_records = function(call) return cog_auth.merge_records(call.record, call.stored) end,
  inactive_because = function(call) return cog_auth.inactive_because(call.record, call.at) end,
  rotate_record = function(call)
    return cog_auth.rotate_record(call.record, call.successor, call.at + 100, call.at)
  end,
  rotate_within = function(call)
    local limits = { later_expiry = call.laterExpiry, max_grace = given(call.maxGrace) }
    return cog_auth.rotate_record(call.record, call.successor, call["until"], call.at, limits)
  end,
  authorization = function(call)
    local read, problem = cog_auth.authorization(values_of(call))
    if not read then return nil, problem end
    read.credential = read.credential and lossy(read.credential)
    return read
  end,
  scan = function(call)
    local findings, problem = cog_auth.scan(spelled(call.text))
    if not findings then return nil, problem end
    for i, found in ipairs(findings) do
      findings[i] = {
        start = found.start, ["end"] = found.stop, handle = found.handle or cog_auth.null,
      }
    end
    return list(findings)
  end,
  scan_decoding = function(call)
    local keys = given(call.keys)
    if keys then
      local read, problem = edge_keys(keys)
      if not read then return nil, problem end
      keys = read
    end
    local findings, problem = cog_auth.scan_decoding(spelled(call.text), keys)
    for _, found in ipairs(findings or {}) do found["end"], found.stop = found.stop, nil end
    return findings, problem
  end,
  redact = function(call) return cog_auth.redact(call.text) end,
  redact_decoding = function(call) return cog_auth.redact_decoding(spelled(call.text)) end,
  describe = function(call)
    local asked = policy(call.policy)
    return { digest = asked:digest(), actions = asked:actions() }
  end,
  image_digest = function(call) return policy(call.policy):image_digest() end,
  load_image = function(call)
    local image = images[call.policy]
    if call.cut then image = image:sub(1, call.cut) end
    if call.change then
      local changed = string.char(bit.bxor(image:byte(call.change + 1), 0x41))
      image = image:sub(1, call.change) .. changed .. image:sub(call.change + 2)
    end
    local loaded, problem = cog_auth.Policy(image)
    if not loaded then return nil, problem end
    local digest = loaded:digest()
    loaded:close()
    return digest
  end,
  decide = function(call)
    local request = spelled(call.request)
    local text, problem = policy(call.policy):explain(request)
    local decision, denial = policy(call.policy):decide(request)
    if text then
      local told = cog_auth.decode(text)
      assert(decision == told.decision and denial == told.context.class, "decided otherwise")
    else
      assert(decision == nil and denial.code == problem.code, "an error without explanation")
    end
    return text, problem
  end,
  evaluate = in_policy "evaluate",
  search_actions = in_policy "search_actions",
  route = function(call) return policy(call.policy):route(call.method, call.target) end,
  compile = function(call)
    local compiled, problem = cog_auth.Policy.compile(documents_of(call), call.digest)
    if not compiled then return nil, problem end
    local image = compiled:image()
    compiled:close()
    return { hex = (image:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) }
  end,
  check = function(call) return cog_auth.Policy.check(documents_of(call)) end,
  policy_warnings = function(call) return cog_auth.Policy.warnings(documents_of(call)) end,
  bundle = function(call) return cog_auth.Policy.bundle(documents_of(call)) end,
  gate = function(call)
    local options = { policy = policy(call.policy), keys = assert(edge_keys(call.keys)) }
    if call.place == "origin" then options.peppers = assert(peppers(call.peppers)) end
    for name, value in pairs(call.options) do options[name] = value end
    local gate = assert(cog_auth.Gate(options))
    local request = call.request
    local exchange, problem = gate:begin({
      method = spelled(request.method), target = spelled(request.target),
      authorization = values_of(request), context = given(request.context),
      client_address = given(request.clientAddress),
    }, call.now)
    gate:close()
    if not exchange then return nil, problem end
    local steps = list { exchange:step() }
    while steps[#steps].step == "record" or steps[#steps].step == "facts" do
      local stored = call[steps[#steps].step]
      if type(stored) == "string" then
        assert(exchange[stored](exchange))
      else
        assert(exchange:found(spelled(stored.text), stored.fetchedAt))
      end
      steps[#steps + 1] = exchange:step()
    end
    exchange:close()
    -- The number of a refusal is told by its name.
    for _, step in ipairs(steps) do
      if step.number and cog_auth.code_name(step.number) == step.code then step.number = nil end
    end
    return steps
  end,
}

local function run(path)
  local file = assert(io.open(path, "rb"))
  local data = cog_auth.decode(file:read("*a"))
  file:close()
  for name, image in pairs(data.images) do images[name] = spelled(image) end
  policy = cached(function(name) return assert(cog_auth.Policy(images[name])) end)
  local counts, differences = {}, {}
  for _, call in ipairs(data.calls) do
    local operation = OPERATIONS[call.operation] or error("unknown operation " .. call.operation)
    local found
    local ran, answer, problem = pcall(operation, call.arguments)
    if not ran then
      if getmetatable(answer) ~= cog_auth.Error then error(answer, 0) end
      answer, problem = nil, answer
    end
    if answer == nil then found = { error = problem } else found = { answer = answer } end
    local expected = { answer = call.answer, error = call.error }
    counts[call.operation] = (counts[call.operation] or 0) + 1
    local is, should = canonical(found), canonical(expected)
    if is ~= should then
      differences[#differences + 1] = ("%s: %s\n  is     %s\n  should %s"):format(
        call.operation, call.name, is:sub(1, 600), should:sub(1, 600))
    end
  end
  for name in pairs(OPERATIONS) do
    if not counts[name] then error("nothing was compared for " .. name) end
  end
  return counts, differences, data
end

return { run = run }
