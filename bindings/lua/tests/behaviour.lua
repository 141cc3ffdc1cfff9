-- How the module is called: closing, wrong calls, large and empty inputs, errors, secrets, stores.

local cog_auth = require "cog_auth"
local check = require "check"
local canonical = require("json").canonical

local tests = {}

local function shown(value, seen)
  seen = seen or {}
  if type(value) ~= "table" or seen[value] then return tostring(value) end
  seen[value] = true
  local parts = { tostring(value) }
  for name, member in pairs(value) do parts[#parts + 1] = tostring(name) .. shown(member, seen) end
  return table.concat(parts, " ")
end

-- Calls `use` while the library has other functions: each is given the real one first.
local function with_library(others, use)
  local place = 1
  while debug.getupvalue(cog_auth.version, place) ~= "C" do place = place + 1 end
  local _, library = debug.getupvalue(cog_auth.version, place)
  debug.setupvalue(cog_auth.version, place, setmetatable({}, {
    __index = function(_, name)
      local other = others[name]
      if not other then return library[name] end
      return function(...) return other(library[name], ...) end
    end,
  }))
  local ran, problem = pcall(use)
  debug.setupvalue(cog_auth.version, place, library)
  if not ran then error(problem, 0) end
end

local function guarded(inputs, stores, options, authorization)
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local policy = assert(cog_auth.Policy.builtin())
  local told = { policy = policy, keys = keys }
  for name, value in pairs(options or {}) do told[name] = value end
  local gate = assert(cog_auth.Gate(told))
  local asked = {
    record = function() return inputs.record end, facts = function() return inputs.facts end,
  }
  for name, store in pairs(stores or {}) do asked[name] = store end
  local request = {
    method = inputs.method, target = inputs.target,
    authorization = authorization or { inputs.authorization },
  }
  return gate:guard(request, inputs.now, asked)
end

function tests.closing(inputs)
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local policy = assert(cog_auth.Policy.builtin())
  local gate = assert(cog_auth.Gate { policy = policy, keys = keys })
  check.equal(tostring(keys), "EdgeKeys", "an open handle")
  keys:close()
  keys:close()
  check.equal(tostring(keys), "EdgeKeys (closed)", "a closed handle")
  check.raises(702, keys.verify, keys, inputs.token, inputs.now)
  check.raises(702, cog_auth.Gate, { policy = policy, keys = keys })
  policy:close()
  check.raises(702, policy.digest, policy)
  check.raises(702, policy.decide, policy, inputs.policy_request)
  -- A gate keeps what it is made of.
  local request = { method = inputs.method, target = inputs.target, authorization = {} }
  local exchange = assert(gate:begin(request, inputs.now))
  gate:close()
  check.raises(702, gate.begin, gate, request, inputs.now)
  check.equal(exchange:step().step, "refused", "an exchange outlives its gate")
  exchange:close()
  exchange:close()
  check.raises(702, exchange.step, exchange)
  check.raises(702, exchange.absent, exchange)
end

function tests.releasing(inputs)
  local released = 0
  with_library({
    cogauth_edge_keys_release = function(real, handle)
      released = released + 1
      real(handle)
    end,
  }, function()
    local function made() return assert(cog_auth.EdgeKeys(inputs.edge_keys)) end
    local closed = made()
    closed:close()
    closed:close()
    check.equal(released, 1, "a handle that is closed twice is released once")
    for _ = 1, 500 do assert(made():verify(inputs.token, inputs.now)) end
    closed = nil
    collectgarbage()
    collectgarbage()
    check.equal(released, 501, "handles that were not closed are released once")
  end)
end

--- A newer library may answer numbers that the module does not know: none of them allows.
function tests.newer(inputs)
  local policy = assert(cog_auth.Policy.builtin())
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local numbers = {}
  with_library({
    cogauth_policy_decide = function(_, _, _, _, decision)
      decision.decision, decision.denial = numbers[1], numbers[2]
      return 0
    end,
    cogauth_token_verify = function(real, ...)
      local code = real(...)
      select(5, ...).kind = 77
      return code
    end,
    cogauth_authorization_read = function(real, ...)
      local code = real(...)
      select(3, ...)[0] = 9
      return code
    end,
    cogauth_exchange_step = function() return 9 end,
  }, function()
    for _, denied in ipairs { { 0, 5, "indeterminate" }, { 2, 99, "indeterminate" },
      { 0, 1, "forbidden" }, { 0, 0, "none" } } do
      numbers = denied
      local allowed, why = policy:decide(inputs.policy_request)
      check.equal(allowed, false, "a denial")
      check.equal(why, denied[3], "why")
    end
    numbers = { 1, 0 }
    check.equal(policy:decide(inputs.policy_request), true, "what allows")
    check.equal(keys:verify(inputs.token, inputs.now).kind, "unknown", "a kind")
    check.equal(cog_auth.authorization({ inputs.authorization }).scheme, "other", "a scheme")
    local outcome = guarded(inputs)
    check.equal(outcome.step, "refused", "a step")
    check.equal(outcome.status, 503, "a step")
    check.equal(outcome.number, 606, "a step")
    check.equal(cog_auth.decode(outcome.body).code, "unavailable", "a step")
    check.equal(outcome.cause, "the step 9 is not known", "a step")
  end)
  cog_auth._check_abi(0x10003, 1, 3)
  cog_auth._check_abi(0x10004, 1, 3)
  for _, version in ipairs { 0x10002, 0x20003, 0x00004 } do
    check.yes(not pcall(cog_auth._check_abi, version, 1, 3), "another ABI")
  end
end

--- What is given for a limit is never taken for none, whatever its type.
function tests.limits(inputs)
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local policy = assert(cog_auth.Policy.builtin())
  local function wrong(f, known, name, values)
    for _, value in ipairs(values) do
      local told = {}
      for other, member in pairs(known) do told[other] = member end
      told[name] = value
      check.raises(701, f, told)
    end
  end
  for name, values in pairs {
    realm = { false, 5 }, peppers = { false, {} }, retry_after = { false, "5" },
    max_record_age = { false, "60" }, pass_on = { "false", 0 }, preflight = { "no", 1 },
  } do
    wrong(cog_auth.Gate, { policy = policy, keys = keys }, name, values)
  end
  local function issue(draft) return cog_auth.issue_record(inputs.token, draft) end
  local draft = { principal = "su", scopes = { "*" }, created_at = inputs.now, edges = true }
  for name, values in pairs {
    edges = { "no", 1 }, organizations = { false, "org-a", { ["org-a"] = true } },
    addresses = { false, "192.0.2.1", { ["192.0.2.1"] = true } },
    scopes = { false, "*", { all = true } }, peppers = { false, {} }, name = { false, 5 },
    metadata = { false, {} }, not_before = { false, "1" }, expires_at = { false, "1" },
    created_at = { false, "1" },
  } do
    wrong(issue, draft, name, values)
  end
  draft.organizations, draft.expires_at, draft.not_before = {}, inputs.now + 1, 0
  draft.addresses = {}
  local record = assert(cog_auth.read_record(assert(issue(draft))))
  check.equal(#record.organizations, 0, "no organizations")
  check.equal(#record.addresses, 0, "no addresses")
  check.equal(record.expires_at, inputs.now + 1, "the expiry")
  local roots = assert(cog_auth.RootKeys.generate("01"))
  local mint = { key_id = "01", kind = "sample" }
  local function minted(told) return roots:mint(told) end
  wrong(minted, mint, "hard_expiry", { false, "20000" })
  wrong(minted, mint, "random", { false, 5 })
  check.raises(701, cog_auth.RootKeys.generate, "01", false)
  check.raises(701, cog_auth.Policy, policy:image(), false)
end

function tests.wrong_types(inputs)
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local policy = assert(cog_auth.Policy.builtin())
  for _, wrong in ipairs { 1, true, {}, function() end } do
    check.raises(701, cog_auth.parse_token, wrong)
    check.raises(701, cog_auth.EdgeKeys, wrong)
    check.raises(701, cog_auth.Policy, wrong)
    check.raises(701, keys.verify, keys, wrong, inputs.now)
    check.raises(701, policy.decide, policy, wrong)
    check.raises(701, policy.route, policy, wrong, "/")
    check.raises(701, cog_auth.redact, wrong)
    check.raises(701, cog_auth.redact_decoding, wrong)
    check.raises(701, cog_auth.authorization, { wrong })
    check.raises(701, cog_auth.Gate, { policy = wrong, keys = keys })
    check.raises(701, cog_auth.Gate, { policy = keys, keys = policy })
    check.raises(701, cog_auth.digest, inputs.token, "su_ci", wrong)
  end
  check.raises(701, cog_auth.parse_token, nil)
  check.raises(701, keys.verify, keys, inputs.token, nil)
  check.raises(701, keys.verify, keys, inputs.token, "1795000000")
  check.raises(701, cog_auth.Gate, { policy = policy, keys = keys, max_age = 60 })
  check.raises(701, cog_auth.Policy.check, { "schema.json" })
  for _, time in ipairs { -1, 0.5, 2 ^ 53, 1 / 0, 0 / 0 } do
    check.fails(135, keys:verify(inputs.token, time))
    check.fails(135, cog_auth.revoke_record(inputs.record, time))
  end
end

function tests.errors(inputs)
  local problem = check.fails(103, cog_auth.parse_token("cog_1s01"))
  check.equal(problem.codeName, "wrong_length", "the name")
  check.equal(problem.offset, nil, "an offset that is not known")
  check.yes(problem.message:find("81 bytes", 1, true), "the sentence")
  check.equal(tostring(problem), problem.message .. " (103 wrong_length)", "the error as text")

  local text = '{"v": 1,\n "schema": {"attributes": {"x": {"type": "id"}}}, "no": 1}'
  local documents = { { "a \"quoted\"\n.json", text } }
  local _, first = cog_auth.Policy.compile(documents)
  local all = assert(cog_auth.Policy.check(documents))
  check.equal(canonical(first), canonical(all[1]), "the first error is that of compiling")
  check.equal(first.document, documents[1][1], "the document")
  for _, name in ipairs { "line", "column", "length" } do
    check.equal(type(first[name]), "number", name)
  end
  check.equal(tostring(all[1]):sub(1, #first.message), first.message, "an error of a list")

  -- An error that is larger than the room for it.
  local long = ("x"):rep(100000)
  _, first = cog_auth.Policy.compile { { long, "{" } }
  check.equal(first.document, long, "a long name of a document")
end

function tests.codes()
  check.equal(cog_auth.code_name(114), "expired", "the name of a code")
  check.equal(cog_auth.code_name(1), nil, "no code")
  check.equal(cog_auth.version(), cog_auth._VERSION, "the version of the library")
end

function tests.sizes(inputs)
  check.fails(101, cog_auth.parse_token(""))
  check.fails(131, cog_auth.EdgeKeys(""))
  check.fails(501, cog_auth.Policy(""))
  check.equal(cog_auth.redact(""), "", "an empty text")
  check.equal(cog_auth.redact_decoding(""), "", "an empty text")
  check.equal(#cog_auth.scan(""), 0, "findings in an empty text")
  check.equal(cog_auth.authorization({}).scheme, "nothing", "no header")
  local large = ("a token: " .. inputs.token .. "\0 "):rep(20000)
  local redacted = assert(cog_auth.redact(large))
  check.yes(#redacted > 16384 and not redacted:find(inputs.token, 1, true), "a large text")
  check.equal(cog_auth.redact_decoding(large), redacted, "a large text")
  check.equal(#cog_auth.scan(large), 20000, "findings in a large text")
  check.fails(103, cog_auth.parse_token(inputs.token:rep(100000)))
end

function tests.keys_and_tokens(inputs)
  local roots = assert(cog_auth.RootKeys.generate("01"))
  local keys, peppers = roots:edge_keys(), roots:peppers()
  local token = assert(roots:mint { key_id = "01", kind = "service_user_key" })
  check.equal(keys:verify(token, inputs.now).kind, "service_user_key", "a minted token")
  check.yes(token ~= roots:mint { key_id = "01", kind = "service_user_key" }, "no token twice")
  check.fails(104, roots:mint { key_id = "01", kind = "session" })
  check.fails(135, roots:mint { key_id = "01", kind = "sample", hard_expiry = 0 })
  check.fails(136, roots:mint { key_id = "01", kind = "sample", random = ("\255"):rep(64) })
  check.fails(133, cog_auth.RootKeys.generate("0"))
  local record = assert(cog_auth.issue_record(token, {
    principal = "su", scopes = { "*" }, created_at = inputs.now, peppers = peppers, edges = true,
  }))
  local accepted = assert(
    cog_auth.accept_at_origin(keys, peppers, token, inputs.now, record, inputs.now))
  check.equal(accepted.principal, "su", "the principal")
  check.fails(121, cog_auth.accept_at_edge(keys, token, inputs.now, nil, inputs.now))
  for _, set in ipairs { keys, peppers, roots } do
    local text = set:expose()
    local again = getmetatable(set).new(text)
    check.equal(again:expose(), text, "a key set that is read again")
  end
end

function tests.secrets(inputs)
  local roots = assert(cog_auth.RootKeys.generate("01"))
  local token = roots:mint { key_id = "01", kind = "service_user_key" }
  local material = roots:expose():match '"01":"([^"]+)"'
  check.yes(not shown(roots):find(material, 1, true), "keys are not shown")
  check.yes(not shown(roots:edge_keys():verify(token, inputs.now)):find(token, 1, true),
    "the token is not shown")
  local _, problem = cog_auth.EdgeKeys(roots:expose())
  check.equal(problem.code, 132, "root keys are no edge keys")
  check.yes(not shown(problem):find(material, 1, true), "keys are in no error")
  _, problem = cog_auth.parse_token(token:sub(1, 80) .. "-")
  check.yes(not shown(problem):find(token:sub(30, 60), 1, true), "tokens are in no error")
end

function tests.reading_json()
  local value = cog_auth.decode(
    [[ {"a":[],"b":{},"c":[1,-2,1.5e3,true,false,null],]]
    .. [["d":"\"\\\/\b\f\n\r\tA\u0041é\u00e9\ud83d\ude00"} ]])
  check.equal(getmetatable(value.a), cog_auth.array, "an empty array")
  check.equal(getmetatable(value.b), nil, "an empty object")
  check.equal(canonical(value.c), "[1,-2,1500,true,false,null]", "words and numbers")
  check.equal(value.d, '"\\/\b\f\n\r\tAAéé😀', "escapes")
end

function tests.guarding(inputs)
  local asked
  local outcome = guarded(inputs, {
    facts = function(...) asked = { ... } return inputs.facts, "not looked at" end,
  })
  check.equal(outcome.step, "allowed", "the outcome")
  check.equal(asked[1], "su_ci", "of whom facts are asked")
  check.equal(asked[2], "org-a", "of which organization facts are asked")
  check.equal(asked[3], nil, "the path names nothing else")
  check.equal(asked[4], "service_user", "the type of the principal")
  check.equal(outcome.principal.id, "su_ci", "the principal")
  check.equal(outcome.action, "ViewOrgSessions", "the action")
  check.yes(outcome.audit:find('"outcome":"allowed"', 1, true), "the audit record")

  local missing = guarded(inputs, nil, nil, {})
  check.equal(missing.status, 401, "no credential")
  check.equal(missing.number, 605, "the number of the code")
  check.equal(cog_auth.code_name(missing.number), missing.code, "the number of the code")
  for _, name in ipairs { "record", "facts" } do
    local none = guarded(inputs, { [name] = function() return nil end })
    check.equal(none.status, 401, "no " .. name)
    local none = {}
    local stores = {
      raises = function() error "down" end,
      raises_a_table = function() error { "down" } end,
      returns_a_reason = function() return nil, "down" end,
      raises_nothing = function() error() end,
      returns_false = function() return false end,
      returns_nil_and_false = function() return nil, false end,
      returns_a_number = function() return 5 end,
      returns_a_table = function() return none end,
      returns_a_list = function() return { inputs.record } end,
    }
    if name == "record" then
      stores.returns_no_time = function() return inputs.record, "now" end
      stores.returns_no_known_time = function() return inputs.record, false end
      stores.returns_no_possible_time = function() return inputs.record, -1 end
    end
    for how, store in pairs(stores) do
      local refused = guarded(inputs, { [name] = store })
      check.equal(refused.status, 503, name .. " " .. how)
      check.equal(refused.headers["retry-after"], "5", name .. " " .. how)
      check.yes(refused.cause, "the cause")
    end
    local bad = guarded(inputs, { [name] = function() return "{}" end })
    check.equal(bad.status, 503, "a bad " .. name)
    check.raises(701, guarded, inputs, { [name] = 5 })
  end
  check.equal(guarded(inputs, nil, { max_record_age = 60 }).code, "stale_record", "no age")
  local fresh = function() return inputs.record, inputs.now - 60 end
  check.equal(guarded(inputs, { record = fresh }, { max_record_age = 60 }).step, "allowed", "age")
  local stale = function() return inputs.record, inputs.now - 61 end
  check.equal(guarded(inputs, { record = stale }, { max_record_age = 60 }).status, 503, "age")
end

function tests.steps(inputs)
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local gate = assert(cog_auth.Gate { policy = cog_auth.Policy.builtin(), keys = keys })
  local request = {
    method = "GET", target = inputs.target, authorization = { inputs.authorization },
  }
  local exchange = assert(gate:begin(request, inputs.now))
  check.equal(exchange:step().id, "AAAABBBBCCCC", "the id")
  check.raises(701, exchange.found, exchange, inputs.record, false)
  check.raises(706, exchange.record, exchange)
  check.yes(exchange:found(inputs.record, inputs.now), "a record")
  check.yes(exchange:found(inputs.facts), "facts")
  check.yes(exchange:record():find('"scopes":["*"]', 1, true), "the record for display")
  check.raises(706, exchange.found, exchange, inputs.facts)
  check.equal(exchange:step().step, "allowed", "a wrong call changes nothing")
  check.fails(602, gate:begin({
    method = "GET", target = "/", authorization = {}, context = '{"time":1}',
  }, inputs.now))
end

--- Ids alone do not tell a user from a service user.
function tests.types_of_principals(inputs)
  local roots = assert(cog_auth.RootKeys.generate("01"))
  local gate = assert(cog_auth.Gate {
    policy = assert(cog_auth.Policy.builtin()), keys = roots:edge_keys(),
  })
  for kind, type in pairs { personal_access_token = "user", service_user_key = "service_user" } do
    local token = assert(roots:mint { key_id = "01", kind = kind })
    local record = assert(cog_auth.issue_record(token, {
      principal = "anyone", scopes = { "*" }, created_at = inputs.now, edges = true,
    }))
    local request = {
      method = inputs.method, target = inputs.target, authorization = { "Bearer " .. token },
    }
    local told
    assert(gate:guard(request, inputs.now, {
      record = function() return record end,
      facts = function(_, _, _, given) told = given return nil end,
    }))
    check.equal(told, type, "the type that a store is told")
    local exchange = assert(gate:begin(request, inputs.now))
    assert(exchange:found(record))
    check.equal(exchange:step().principalType, type, "the type in a step")
    exchange:close()
  end
end

--- What a path names besides an organization.
function tests.resources(inputs)
  local target = "/v3/enterprise/members/users/user_02"
  local policy = assert(cog_auth.Policy.builtin())
  local route = assert(policy:route("PATCH", target))
  check.equal(canonical(route.resource), '{"id":"user_02","type":"user"}', "of a route")
  check.equal(canonical(route.parameters), '{"user_id":"user_02"}', "the parameters of a route")
  check.equal(policy:route("GET", inputs.target).resource, nil, "of a route that names none")

  local gate = assert(cog_auth.Gate {
    policy = policy, keys = assert(cog_auth.EdgeKeys(inputs.edge_keys)),
  })
  local request = {
    method = "PATCH", target = target, authorization = { inputs.authorization },
    client_address = "192.0.2.1",
  }
  local resource, organization
  local outcome = assert(gate:guard(request, inputs.now, {
    record = function() return inputs.record end,
    facts = function(_, ...) organization, resource = ... return inputs.facts end,
  }))
  check.equal(organization, nil, "no organization")
  check.equal(canonical(resource), '{"id":"user_02","type":"user"}', "what facts are asked about")
  check.yes(outcome.audit:find('"client_address":"192.0.2.1"', 1, true), "the client's address")
  request.method, request.target = "GET", inputs.target
  outcome = assert(gate:guard(request, inputs.now, {
    record = function() return inputs.record end, facts = function() return inputs.facts end,
  }))
  check.equal(outcome.resource, nil, "no resource")
  check.equal(canonical(outcome.parameters), '{"org_id":"org-a"}', "the parameters")
  request.client_address = false
  check.raises(701, gate.begin, gate, request, inputs.now)
end

function tests.records(inputs)
  local roots = assert(cog_auth.RootKeys.generate("01"))
  local now = inputs.now
  local function issued(expires_at)
    return assert(cog_auth.issue_record(roots:mint { key_id = "01", kind = "service_user_key" }, {
      principal = "su", scopes = { "*" }, created_at = now, expires_at = expires_at, edges = true,
    }))
  end
  local old, later, same = issued(now + 100), issued(now + 200), issued(now + 100)
  check.fails(139, cog_auth.rotate_record(old, later, now + 50, now))
  local rotated = assert(
    cog_auth.rotate_record(old, later, now + 50, now, { later_expiry = true }))
  check.equal(cog_auth.inactive_because(rotated, now + 49), "", "active")
  check.equal(cog_auth.inactive_because(rotated, now + 50), "rotated", "not active")
  check.yes(cog_auth.rotate_record(old, same, now + 50, now, { max_grace = 50 }), "the most")
  check.fails(138, cog_auth.rotate_record(old, same, now + 50, now, { max_grace = 49 }))
  check.fails(135, cog_auth.rotate_record(old, same, now, now, { max_grace = -1 }))
  for _, wrong in ipairs { { later_expiry = 1 }, { max_grace = "50" }, { max_grace = false },
    { grace = 50 }, false } do
    check.raises(701, cog_auth.rotate_record, old, same, now, now, wrong)
  end
  local used = assert(cog_auth.use_record(old, now + 5))
  check.equal(cog_auth.read_record(used).last_used_at, now + 5, "the last use")
  check.equal(cog_auth.use_record(used, now + 4), used, "an earlier use")
  check.equal(cog_auth.merge_records(old, used), used, "merged")
  check.fails(123, cog_auth.merge_records(old, same))
end

function tests.encodings(inputs)
  local token = inputs.token
  local text = "a=cog%5F" .. token:sub(5) .. " cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"
  local keys = assert(cog_auth.EdgeKeys(inputs.edge_keys))
  local percent, looks = unpack(assert(cog_auth.scan_decoding(text)))
  check.equal(percent.start, 2, "where it begins")
  check.equal(percent.stop, #token + 4, "where it ends")
  check.equal(percent.certainty, "parsed", "a token")
  check.equal(percent.handle, token:sub(1, 23), "its handle")
  check.equal(table.concat(percent.encodings, " "), "percent", "its encodings")
  check.equal(percent.genuine, nil, "nothing is known without keys")
  check.equal(looks.certainty, "looks_like", "what looks like one")
  check.equal(looks.handle, nil, "and has no handle")
  percent, looks = unpack(assert(cog_auth.scan_decoding(text, keys)))
  check.equal(percent.genuine, true, "a genuine token")
  check.equal(looks.genuine, nil, "what is no token is neither")
  check.equal(#assert(cog_auth.scan_decoding("", keys)), 0, "an empty text")
  check.raises(701, cog_auth.scan_decoding, text, {})
  check.raises(701, cog_auth.scan_decoding, nil)
  keys:close()
  check.raises(702, cog_auth.scan_decoding, text, keys)
end

function tests.encoded_tokens_are_cut()
  local secret = "1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy"
  local text, cut = "t=cog%5F" .. secret .. "&", "t=cog_1s015PnAAAABBBBCCCC…&"
  check.equal(cog_auth.redact_decoding(text), cut, "an escaped token")
  check.equal(cog_auth.redact_decoding("t=cog_" .. secret .. "&"), cut, "a token as it is")
  local half = text:sub(1, 40)
  check.equal(cog_auth.redact_decoding(half), half, "the half of an escaped token stays")
  check.fails(202, cog_auth.redact_decoding("\255"))
end

function tests.warnings()
  local schema = { "schema.json", '{"v":1,"schema":{"actions":{"View":{}}}}' }
  local rules = {
    "rules.json", '{"v":1,"rules":[{"id":"all","effect":"permit","actions":["*"]}]}',
  }
  local warned = assert(cog_auth.Policy.warnings { schema })
  check.equal(#warned, 1, "warnings")
  check.equal(warned[1].code, 808, "a warning")
  check.yes(tostring(warned[1]):find("(808 no_permit)", 1, true), "a warning as text")
  check.equal(#assert(cog_auth.Policy.warnings { schema, rules }), 0, "nothing to warn of")
  check.fails(303, cog_auth.Policy.warnings { { "a.json", "[]" } })
  check.raises(701, cog_auth.Policy.warnings, { "schema.json" })
end

--- A handle is nothing that another coroutine disturbs: each goes through its own exchange.
function tests.coroutines(inputs)
  local running, outcomes = {}, {}
  for i = 1, 50 do
    running[i] = coroutine.wrap(function()
      outcomes[i] = guarded(inputs, {
        record = function() coroutine.yield() return inputs.record end,
        facts = function() coroutine.yield() return i % 2 == 0 and inputs.facts or nil end,
      })
    end)
  end
  for _ = 1, 3 do for _, resume in ipairs(running) do resume() end end
  for i = 1, 50 do
    check.equal(outcomes[i].step, i % 2 == 0 and "allowed" or "refused", "coroutine " .. i)
  end
end

return tests
