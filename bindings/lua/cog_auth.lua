-- cog-auth for LuaJIT: tokens, policies and the gate, over the C library. See README.md.
--
-- A call that fails returns nil and an error, a table whose members are `code`, `codeName`,
-- `message`, and where they are known `offset`, `document`, `pointer`, `line`, `column`, `length`
-- and `suggestion`. A wrong call (7xx, such as a closed handle) raises such a table. A denial is no
-- error.

local ffi = require "ffi"
local C -- the library, once it is loaded

-- What cogauth.h declares. TEXT stands for a text with its length, OUT for a buffer, its capacity,
-- where the length goes, and the error; a test compares the whole with the header.
local DECLARATIONS = [[
typedef struct cogauth_edge_keys cogauth_edge_keys;
typedef struct cogauth_exchange cogauth_exchange;
typedef struct cogauth_gate cogauth_gate;
typedef struct cogauth_peppers cogauth_peppers;
typedef struct cogauth_policy cogauth_policy;
typedef struct cogauth_root_keys cogauth_root_keys;
typedef struct { uint32_t struct_size; int32_t code; uint64_t offset; uint64_t line;
  uint64_t column; uint64_t length; char *json; size_t json_capacity; size_t json_length;
} cogauth_error;
typedef struct { const char *data; size_t length; } cogauth_slice;
typedef struct { cogauth_slice name; cogauth_slice text; } cogauth_document;
typedef struct { uint32_t struct_size; uint32_t reserved; cogauth_slice method;
  cogauth_slice target; const cogauth_slice *authorization; size_t authorization_count;
  cogauth_slice context; cogauth_slice client_address; } cogauth_request;
typedef struct { uint32_t struct_size; uint32_t flags; cogauth_slice realm; uint64_t retry_after;
  uint64_t max_record_age; } cogauth_gate_options;
typedef struct { uint32_t struct_size; uint32_t decision; uint32_t denial; uint32_t reserved;
} cogauth_decision;
typedef struct { uint32_t struct_size; uint32_t flags; cogauth_slice token; cogauth_slice principal;
  const cogauth_slice *scopes; size_t scopes_count; const cogauth_slice *organizations;
  size_t organizations_count; const cogauth_peppers *peppers; cogauth_slice name;
  cogauth_slice metadata; uint64_t created_at; uint64_t not_before; uint64_t expires_at;
  const cogauth_slice *addresses; size_t addresses_count; } cogauth_record_draft;
typedef struct { uint32_t struct_size; uint32_t is_token; uint64_t start; uint64_t end;
  char handle[32]; } cogauth_finding;
typedef struct { uint32_t struct_size; uint32_t kind; uint32_t hard_expiry; char key_id[4];
  char id[16]; char handle[32]; } cogauth_token;
uint32_t cogauth_abi_version(void);
const char *cogauth_version(void);
uint32_t cogauth_features(void);
const char *cogauth_code_name(int32_t, size_t *);
const char *cogauth_code_sentence(int32_t, size_t *);
void cogauth_wipe(void *, size_t);
int32_t cogauth_accept_at_edge(const cogauth_edge_keys *, TEXT, uint64_t, TEXT, uint64_t, OUT);
int32_t cogauth_accept_at_origin(const cogauth_edge_keys *, const cogauth_peppers *, TEXT, uint64_t,
  TEXT, uint64_t, OUT);
int32_t cogauth_policy_from_documents(const cogauth_document *, size_t, TEXT, cogauth_policy **,
  cogauth_error *);
int32_t cogauth_policy_check(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_warnings(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_bundle(const cogauth_document *, size_t, OUT);
int32_t cogauth_policy_builtin(cogauth_policy **, cogauth_error *);
int32_t cogauth_exchange_begin(const cogauth_gate *, const cogauth_request *, uint64_t,
  cogauth_exchange **, cogauth_error *);
void cogauth_exchange_release(cogauth_exchange *);
int32_t cogauth_exchange_step(const cogauth_exchange *);
int32_t cogauth_exchange_found(cogauth_exchange *, int32_t, TEXT, uint64_t, cogauth_error *);
int32_t cogauth_exchange_absent(cogauth_exchange *, int32_t, cogauth_error *);
int32_t cogauth_exchange_unavailable(cogauth_exchange *, int32_t, cogauth_error *);
int32_t cogauth_exchange_text(const cogauth_exchange *, int32_t, cogauth_slice *);
size_t cogauth_exchange_count(const cogauth_exchange *, int32_t);
int32_t cogauth_exchange_entry(const cogauth_exchange *, int32_t, size_t, cogauth_slice *,
  cogauth_slice *);
int32_t cogauth_exchange_status(const cogauth_exchange *);
int32_t cogauth_exchange_code(const cogauth_exchange *);
uint64_t cogauth_exchange_valid_until(const cogauth_exchange *);
int32_t cogauth_exchange_json(const cogauth_exchange *, OUT);
int32_t cogauth_exchange_record(const cogauth_exchange *, OUT);
int32_t cogauth_gate_new(const cogauth_policy *, const cogauth_edge_keys *, const cogauth_peppers *,
  const cogauth_gate_options *, cogauth_gate **, cogauth_error *);
void cogauth_gate_release(cogauth_gate *);
int32_t cogauth_edge_keys_read(TEXT, cogauth_edge_keys **, cogauth_error *);
void cogauth_edge_keys_release(cogauth_edge_keys *);
int32_t cogauth_peppers_read(TEXT, cogauth_peppers **, cogauth_error *);
void cogauth_peppers_release(cogauth_peppers *);
int32_t cogauth_policy_from_image(BYTES, TEXT, cogauth_policy **, cogauth_error *);
void cogauth_policy_release(cogauth_policy *);
int32_t cogauth_policy_image(const cogauth_policy *, cogauth_slice *, cogauth_error *);
int32_t cogauth_policy_digest(const cogauth_policy *, OUT);
int32_t cogauth_policy_image_digest(const cogauth_policy *, OUT);
int32_t cogauth_policy_actions(const cogauth_policy *, OUT);
int32_t cogauth_policy_decide(const cogauth_policy *, TEXT, cogauth_decision *, cogauth_error *);
int32_t cogauth_policy_explain(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_evaluate(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_search_actions(const cogauth_policy *, TEXT, OUT);
int32_t cogauth_policy_route(const cogauth_policy *, TEXT, TEXT, OUT);
int32_t cogauth_record_issue(const cogauth_record_draft *, OUT);
int32_t cogauth_record_read(TEXT, OUT);
int32_t cogauth_record_for_edges(TEXT, OUT);
int32_t cogauth_record_for_display(TEXT, OUT);
int32_t cogauth_record_revoke(TEXT, uint64_t, OUT);
int32_t cogauth_record_rotate(TEXT, TEXT, uint64_t, uint64_t, OUT);
int32_t cogauth_record_rotate_within(TEXT, TEXT, uint64_t, uint64_t, uint32_t, uint64_t, OUT);
int32_t cogauth_record_used(TEXT, uint64_t, OUT);
int32_t cogauth_record_merge(TEXT, TEXT, OUT);
int32_t cogauth_record_inactive(TEXT, uint64_t, int32_t *, cogauth_error *);
int32_t cogauth_root_keys_read(TEXT, cogauth_root_keys **, cogauth_error *);
int32_t cogauth_root_keys_new(TEXT, BYTES, cogauth_root_keys **, cogauth_error *);
int32_t cogauth_root_keys_edge_keys(const cogauth_root_keys *, cogauth_edge_keys **,
  cogauth_error *);
int32_t cogauth_root_keys_peppers(const cogauth_root_keys *, cogauth_peppers **, cogauth_error *);
int32_t cogauth_root_keys_expose(const cogauth_root_keys *, OUT);
int32_t cogauth_edge_keys_expose(const cogauth_edge_keys *, OUT);
int32_t cogauth_peppers_expose(const cogauth_peppers *, OUT);
void cogauth_root_keys_release(cogauth_root_keys *);
int32_t cogauth_token_mint(const cogauth_root_keys *, TEXT, uint32_t, uint32_t, BYTES, OUT);
int32_t cogauth_authorization_read(const cogauth_slice *, size_t, int32_t *, cogauth_slice *,
  cogauth_error *);
int32_t cogauth_text_scan(TEXT, size_t, int32_t *, cogauth_finding *, cogauth_error *);
int32_t cogauth_text_redact(TEXT, OUT);
int32_t cogauth_text_scan_decoding(TEXT, const cogauth_edge_keys *, OUT);
int32_t cogauth_text_redact_decoding(TEXT, OUT);
int32_t cogauth_token_parse(TEXT, cogauth_token *, cogauth_error *);
int32_t cogauth_token_verify(const cogauth_edge_keys *, TEXT, uint64_t, cogauth_token *,
  cogauth_error *);
int32_t cogauth_token_digest(const cogauth_peppers *, TEXT, TEXT, OUT);
int32_t cogauth_token_edge_digest(TEXT, TEXT, OUT);
]]
local SHORTHANDS = {
  TEXT = "const char *, size_t",
  BYTES = "const uint8_t *, size_t",
  OUT = "char *, size_t, size_t *, cogauth_error *",
}
DECLARATIONS = DECLARATIONS:gsub("%u[%u]+", SHORTHANDS)

-- Numbers of the header. A test compares them with it.
local N = {
  ABI_MAJOR = 1, ABI_MINOR = 3, FEATURE_FULL = 1, FEATURE_CATCHES = 2,
  STEP_REFUSED = 0, STEP_RECORD = 1, STEP_FACTS = 2, STEP_ALLOWED = 3, STEP_PASS_ON = 4,
  STEP_PREFLIGHT = 5,
  TEXT_CREDENTIAL_ID = 1, TEXT_CREDENTIAL_HANDLE = 2, TEXT_CREDENTIAL_KIND = 3, TEXT_PRINCIPAL = 4,
  TEXT_PRINCIPAL_TYPE = 5, TEXT_ORGANIZATION = 6, TEXT_ACTION = 7, TEXT_CODE = 8, TEXT_BODY = 9,
  TEXT_AUDIT = 10, TEXT_RESOURCE_TYPE = 11, TEXT_RESOURCE_ID = 12,
  LIST_HEADERS = 1, LIST_UNDECIDED = 2, LIST_ADVICE = 3, LIST_PARAMETERS = 4,
  GATE_RETRY_AFTER = 1, GATE_MAX_RECORD_AGE = 2, GATE_PASS_ON = 4, GATE_PREFLIGHT = 8,
  ALLOW = 1, NO_HARD_EXPIRY = 1852796517, DRAFT_FOR_EDGES = 1, DRAFT_ORGANIZATIONS = 2,
  DRAFT_NOT_BEFORE = 4, DRAFT_EXPIRES_AT = 8, DRAFT_ADDRESSES = 16, ROTATE_LATER_EXPIRY = 1,
  SCHEME_NOTHING = 0, SCHEME_OTHER = 1, SCHEME_BEARER = 2,
  KIND_NONE = 0, KIND_SERVICE_USER_KEY = 1, KIND_PERSONAL_ACCESS_TOKEN = 2, KIND_SAMPLE = 3,
  MINT_RANDOM_LENGTH = 64,
  E_TIME_OUT_OF_RANGE = 135, E_UNAVAILABLE = 606, E_INVALID_ARGUMENT = 701, E_FREED = 702,
  E_BUFFER_TOO_SMALL = 705,
}
local NONE = 0xffffffffffffffffULL
-- Names of numbers. A newer library may have more of them.
local KINDS = { [0] = "none", "service_user_key", "personal_access_token", "sample" }
local KIND_NUMBERS = { service_user_key = 1, personal_access_token = 2, sample = 3 }
local DENIALS = { [0] = "none", "forbidden", "requirement", "no_grant", "indeterminate" }
local STEPS = { [0] = "refused", "record", "facts", "allowed", "pass_on", "preflight" }
local SCHEMES = { [0] = "nothing", "other", "bearer" }
local MOST_SECONDS = 9007199254740991

local M = { _DECLARATIONS = DECLARATIONS, _NUMBERS = N, _VERSION = "0.1.0" }

---- Reading the library's JSON.

-- What JSON's null is, and the metatable of what was an array: an empty one is told from an object.
M.null = setmetatable({}, { __tostring = function() return "null" end })
M.array = { __name = "array" }

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function utf8(point)
  local char, floor = string.char, math.floor
  if point < 0x80 then return char(point) end
  local last = char(0x80 + point % 64)
  if point < 0x800 then return char(0xC0 + floor(point / 64)) .. last end
  local middle = char(0x80 + floor(point / 64) % 64)
  if point < 0x10000 then return char(0xE0 + floor(point / 4096)) .. middle .. last end
  local second = char(0x80 + floor(point / 4096) % 64)
  return char(0xF0 + floor(point / 262144)) .. second .. middle .. last
end

local function string_at(text, at)
  local parts = {}
  while true do
    local stop = text:find('["\\]', at)
    parts[#parts + 1] = text:sub(at, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
    local escaped = text:sub(stop + 1, stop + 1)
    at = stop + 2
    if escaped == "u" then
      local point = tonumber(text:sub(at, at + 3), 16)
      at = at + 4
      if point >= 0xD800 and point < 0xDC00 then
        point = 0x10000 + (point - 0xD800) * 0x400 + tonumber(text:sub(at + 2, at + 5), 16) - 0xDC00
        at = at + 6
      end
      parts[#parts + 1] = utf8(point)
    else
      parts[#parts + 1] = ESCAPES[escaped] or escaped
    end
  end
end

local function value_at(text, at)
  at = text:find("[^%s:,]", at)
  local first = text:sub(at, at)
  if first == '"' then return string_at(text, at + 1) end
  if first == "{" or first == "[" then
    local found, close = {}, first == "{" and "}" or "]"
    if close == "]" then setmetatable(found, M.array) end
    at = text:find("[^%s,]", at + 1)
    while text:sub(at, at) ~= close do
      local name = #found + 1
      if close == "}" then name, at = string_at(text, at + 1) end
      found[name], at = value_at(text, at)
      at = text:find("[^%s,]", at)
    end
    return found, at + 1
  end
  local word = text:match("^[%w.+-]+", at)
  at = at + #word
  if word == "true" then return true, at elseif word == "false" then return false, at end
  if word == "null" then return M.null, at end
  return tonumber(word), at
end

--- Reads JSON that the library wrote. It takes no care of text that is no JSON.
function M.decode(text) return (value_at(text, 1)) end

---- Calling the library.

local capacity, json_capacity = 16384, 4096
local buffer, json_buffer, length, failure

local Error = { __tostring = function(self)
  return ("%s (%d %s)"):format(self.message, self.code, self.codeName)
end }
M.Error = Error

local function words_of(code)
  local name = C.cogauth_code_name(code, length)
  name = ffi.string(name, length[0])
  return name, ffi.string(C.cogauth_code_sentence(code, length), length[0])
end

local function own_error(code, message)
  local name, sentence = words_of(code)
  return setmetatable({ code = code, codeName = name, message = message or sentence }, Error)
end

local function wrong(message) error(own_error(N.E_INVALID_ARGUMENT, message), 0) end

-- Makes more room, if there was too little for an answer or an error.
local function made_room(code)
  if code == N.E_BUFFER_TOO_SMALL and length[0] > capacity then
    C.cogauth_wipe(buffer, capacity)
    capacity = tonumber(length[0])
    buffer = ffi.new("char[?]", capacity)
    return true
  elseif failure.json_length > json_capacity then
    json_capacity = tonumber(failure.json_length)
    json_buffer = ffi.new("char[?]", json_capacity)
    failure.json, failure.json_capacity = json_buffer, json_capacity
    return true
  end
  return false
end

-- What a function of this module returns for a call that failed. `again` is that function: it is
-- called once more if there was too little room.
local function failed(code, again, ...)
  if made_room(code) then return again(...) end
  local problem = M.decode(ffi.string(json_buffer, failure.json_length))
  setmetatable(problem, Error)
  if code > 700 then error(problem, 0) end
  return nil, problem
end

-- Functions that call for a text, with so many arguments before the buffer. Each is written out:
-- the compiler of LuaJIT compiles no call whose number of arguments it does not see.
local TEXT_OF = [[
  local room, failed, string = ...
  local function text(f, %s)
    local code = f(%s, room())
    if code ~= 0 then return failed(code, text, f, %s) end
    local buffer, _, length = room()
    return string(buffer, length[0])
  end
  return text]]

local function room() return buffer, capacity, length, failure end

local text_of = setmetatable({}, { __index = function(self, count)
  local names = {}
  for i = 1, count do names[i] = "a" .. i end
  names = table.concat(names, ", ")
  self[count] = assert(loadstring(TEXT_OF:format(names, names, names)))(room, failed, ffi.string)
  return self[count]
end })

-- The same for a text that is a secret: no copy of it stays in this module.
local function secret_of(count, ...)
  local text, problem = text_of[count](...)
  C.cogauth_wipe(buffer, capacity)
  return text, problem
end

local function decoded(text, problem)
  if text == nil then return nil, problem end
  return M.decode(text)
end

local function bytes(value, what)
  if type(value) ~= "string" then wrong(what .. " must be a string") end
  return value, #value
end

local function seconds(value, what)
  if type(value) ~= "number" then wrong(what .. " must be a number") end
  return value
end

local function flag(value, what)
  if value ~= nil and type(value) ~= "boolean" then wrong(what .. " must be true or false") end
  return value == true
end

-- A number that the library can take as a time, as it would judge it: others are out of range.
local function out_of_range(value)
  if value >= 0 and value <= MOST_SECONDS and value % 1 == 0 then return false end
  return true
end

local function range_error() return nil, own_error(N.E_TIME_OUT_OF_RANGE) end

-- What a struct points to during a call: the collector does not see that it is in use.
local held = {}

local function slice(place, value, what)
  place.data, place.length = bytes(value, what)
end

-- An array of slices. The strings must be kept by the caller as long as it is used.
local function slices(values, what)
  if type(values) ~= "table" then wrong(what .. " must be a list of strings") end
  for place in pairs(values) do
    if type(place) ~= "number" then wrong(what .. " must be a list of strings") end
  end
  local array = ffi.new("cogauth_slice[?]", #values + 1)
  for i = 1, #values do slice(array[i - 1], values[i], what) end
  return array, #values
end

local function members(options, known, what)
  if type(options) ~= "table" then wrong(what .. " must be a table") end
  for name in pairs(options) do
    if not known[name] then wrong(("%s has no member %q"):format(what, tostring(name))) end
  end
end

---- Handles.

local function class(name)
  local methods = {}
  methods.__index = methods
  methods.__tostring = function(self) return name .. (self._handle and "" or " (closed)") end
  --- Gives back what it holds; keys are wiped. Closing twice does nothing.
  function methods:close()
    local handle = self._handle
    if handle == nil then return end
    self._handle = nil
    self._release(ffi.gc(handle, nil))
  end
  M[name] = setmetatable(methods, { __call = function(_, ...) return methods.new(...) end })
  return methods
end

local function own(methods, place, release)
  return setmetatable({ _handle = ffi.gc(place[0], release), _release = release }, methods)
end

local function handle_of(object, methods, what)
  if getmetatable(object) ~= methods then wrong(what .. " has another type") end
  local handle = object._handle
  if handle == nil then error(own_error(N.E_FREED), 0) end
  return handle
end

local EdgeKeys, Peppers, RootKeys = class("EdgeKeys"), class("Peppers"), class("RootKeys")
local Policy, Gate, Exchange = class("Policy"), class("Gate"), class("Exchange")

---- Tokens.

local function token_of(parsed)
  return {
    handle = ffi.string(parsed.handle),
    kind = KINDS[parsed.kind] or "unknown",
    keyId = ffi.string(parsed.key_id),
    id = ffi.string(parsed.id),
    hardExpiry = parsed.hard_expiry ~= 0 and parsed.hard_expiry or nil,
  }
end

local function sized(name)
  local struct = ffi.new(name)
  struct.struct_size = ffi.sizeof(struct)
  return struct
end

--- Parses a token: its form and its checksum, not whether it is genuine.
function M.parse_token(token)
  local text, size = bytes(token, "token")
  local parsed = sized("cogauth_token")
  local code = C.cogauth_token_parse(text, size, parsed, failure)
  if code ~= 0 then return failed(code, M.parse_token, token) end
  return token_of(parsed)
end

--- The digest that an origin stores of a token.
function M.digest(token, principal, peppers)
  local handle = handle_of(peppers, Peppers, "peppers")
  return text_of[5](C.cogauth_token_digest, handle, token, select(2, bytes(token, "token")),
    bytes(principal, "principal"))
end

--- The digest that an edge compares.
function M.edge_digest(token, principal)
  return text_of[4](C.cogauth_token_edge_digest, token, select(2, bytes(token, "token")),
    bytes(principal, "principal"))
end

--- All that looks like a credential in a text: a list of `start` and `stop`, offsets in bytes from
--- 0, `stop` being the first after it, and `handle` if it is a token.
function M.scan(text)
  local findings, from, found, finding = {}, 0, ffi.new("int32_t[1]"), sized("cogauth_finding")
  local data, size = bytes(text, "text")
  while true do
    local code = C.cogauth_text_scan(data, size, from, found, finding, failure)
    if code ~= 0 then return failed(code, M.scan, text) end
    if found[0] == 0 then return findings end
    from = tonumber(finding["end"])
    findings[#findings + 1] = {
      start = tonumber(finding.start), stop = from,
      handle = finding.is_token == 1 and ffi.string(finding.handle) or nil,
    }
  end
end

--- All that `scan` finds in a text, and the tokens in what is encoded in it: base64, hexadecimal
--- digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more ("Tokens in encodings" in
--- docs/token-format.md). A list in the order in which they begin. Each has `start` and `stop`,
--- `certainty`: `parsed` or `looks_like`, `handle` if it is a token, and `encodings`: the names of
--- those around it, from the outside to the inside. With edge keys, which may be nil, a token has
--- `genuine`: whether it was minted with a root key of these, also if it has expired since.
function M.scan_decoding(text, keys)
  local handle = keys ~= nil and handle_of(keys, EdgeKeys, "keys") or nil
  local data, size = bytes(text, "text")
  local findings, problem = decoded(text_of[3](C.cogauth_text_scan_decoding, data, size, handle))
  for _, found in ipairs(findings or {}) do found.stop, found["end"] = found["end"], nil end
  return findings, problem
end

--- The text with each credential cut to what may be shown.
function M.redact(text) return text_of[2](C.cogauth_text_redact, bytes(text, "text")) end

--- The text in which all that `redact` cuts is cut, and each token in an encoding too: where
--- `scan_decoding` finds one, its handle and `…` stand in place of every byte that holds a part of
--- it. What is encoded must parse, so that the half of an encoded token stays.
function M.redact_decoding(text)
  return text_of[2](C.cogauth_text_redact_decoding, bytes(text, "text"))
end

--- What the values of `Authorization` say: `scheme`, which is `nothing`, `other` or `bearer`, and
--- the `credential` of a bearer: a secret, which is not to be logged with the table.
function M.authorization(values)
  local array, count = slices(values, "values")
  local scheme, credential = ffi.new("int32_t[1]"), ffi.new("cogauth_slice")
  held[1] = values
  local code = C.cogauth_authorization_read(array, count, scheme, credential, failure)
  local bearer = code == 0 and scheme[0] == N.SCHEME_BEARER
  local text = bearer and ffi.string(credential.data, credential.length) or nil
  held[1] = nil
  if code ~= 0 then return failed(code, M.authorization, values) end
  return { scheme = SCHEMES[scheme[0]] or "other", credential = text }
end

---- Keys.

local function reader(type_name, read, release)
  local place = ffi.typeof(type_name .. "*[1]")
  return function(methods, text)
    local data, size = bytes(text, "key set")
    local out = place()
    local code = C[read](data, size, out, failure)
    if code ~= 0 then return failed(code, methods.new, text) end
    return own(methods, out, C[release])
  end
end

local read_edge_keys, read_peppers, read_root_keys

--- Reads a key set of the use `edge-tag` from its JSON text.
function EdgeKeys.new(text) return read_edge_keys(EdgeKeys, text) end

--- Verifies that a token is genuine at `now`, in seconds since the epoch.
function EdgeKeys:verify(token, now)
  local handle = handle_of(self, EdgeKeys, "keys")
  local text, size = bytes(token, "token")
  if out_of_range(seconds(now, "now")) then return range_error() end
  local parsed = sized("cogauth_token")
  local code = C.cogauth_token_verify(handle, text, size, now, parsed, failure)
  if code ~= 0 then return failed(code, EdgeKeys.verify, self, token, now) end
  return token_of(parsed)
end

--- The key set as JSON text, which is a secret.
function EdgeKeys:expose()
  return secret_of(1, C.cogauth_edge_keys_expose, handle_of(self, EdgeKeys, "keys"))
end

--- Reads a key set of the use `digest-pepper` from its JSON text.
function Peppers.new(text) return read_peppers(Peppers, text) end

--- The key set as JSON text, which is a secret.
function Peppers:expose()
  return secret_of(1, C.cogauth_peppers_expose, handle_of(self, Peppers, "peppers"))
end

--- Reads a key set of the use `root` from its JSON text.
function RootKeys.new(text) return read_root_keys(RootKeys, text) end

local function random_bytes(count)
  local source = assert(io.open("/dev/urandom", "rb"))
  local found = source:read(count)
  source:close()
  assert(found and #found == count, "no random bytes")
  return found
end

--- A key set with one new root key. `random` are 32 bytes, by default of the operating system.
function RootKeys.generate(key_id, random)
  local id, id_size = bytes(key_id, "key_id")
  if random == nil then random = random_bytes(32) end
  local data, size = bytes(random, "random")
  local out = ffi.new("cogauth_root_keys *[1]")
  local code = C.cogauth_root_keys_new(id, id_size, data, size, out, failure)
  if code ~= 0 then return failed(code, RootKeys.generate, key_id, random) end
  return own(RootKeys, out, C.cogauth_root_keys_release)
end

local function derived(roots, derive, methods, type_name, release)
  local handle = handle_of(roots, RootKeys, "root keys")
  local out = ffi.new(type_name .. " *[1]")
  local code = derive(handle, out, failure)
  if code ~= 0 then return failed(code, derived, roots, derive, methods, type_name, release) end
  return own(methods, out, release)
end

--- The edges' keys.
function RootKeys:edge_keys()
  return derived(self, C.cogauth_root_keys_edge_keys, EdgeKeys, "cogauth_edge_keys",
    C.cogauth_edge_keys_release)
end

--- The origins' peppers.
function RootKeys:peppers()
  return derived(self, C.cogauth_root_keys_peppers, Peppers, "cogauth_peppers",
    C.cogauth_peppers_release)
end

--- The key set as JSON text, which is a secret.
function RootKeys:expose()
  return secret_of(1, C.cogauth_root_keys_expose, handle_of(self, RootKeys, "root keys"))
end

local MINT = { key_id = true, kind = true, hard_expiry = true, random = true }

--- Mints a token, which is a secret. The draft has `key_id`, `kind`, perhaps `hard_expiry`: a day
--- counted from 1970-01-01; and perhaps `random`: at least 64 bytes, by default of the operating
--- system.
function RootKeys:mint(draft)
  local handle = handle_of(self, RootKeys, "root keys")
  members(draft, MINT, "draft")
  local key_id, key_id_size = bytes(draft.key_id, "key_id")
  local day = draft.hard_expiry
  if day ~= nil and (seconds(day, "hard_expiry") < 1 or day >= 2 ^ 30 or day % 1 ~= 0) then
    return range_error()
  end
  local random = draft.random
  if random == nil then random = random_bytes(2 * N.MINT_RANDOM_LENGTH) end
  return secret_of(7, C.cogauth_token_mint, handle, key_id, key_id_size,
    KIND_NUMBERS[bytes(draft.kind, "kind")] or 0, day or N.NO_HARD_EXPIRY, bytes(random, "random"))
end

---- Records.

local DRAFT = {
  principal = true, scopes = true, created_at = true, peppers = true, edges = true,
  organizations = true, addresses = true, name = true, not_before = true, expires_at = true,
  metadata = true,
}

local TIME_FLAGS = { not_before = N.DRAFT_NOT_BEFORE, expires_at = N.DRAFT_EXPIRES_AT }

--- Makes the record of a new token, as JSON text. The draft has `principal`, `scopes`,
--- `created_at`, and perhaps `peppers`, `edges`, `organizations`, `addresses`, `name`,
--- `not_before`, `expires_at` and `metadata`, a JSON text.
function M.issue_record(token, draft)
  members(draft, DRAFT, "draft")
  local told = sized("cogauth_record_draft")
  slice(told.token, token, "token")
  slice(told.principal, draft.principal, "principal")
  local scopes, organizations, addresses
  scopes, told.scopes_count = slices(draft.scopes, "scopes")
  told.scopes = scopes
  if flag(draft.edges, "edges") then told.flags = N.DRAFT_FOR_EDGES end
  if draft.organizations ~= nil then
    told.flags = told.flags + N.DRAFT_ORGANIZATIONS
    organizations, told.organizations_count = slices(draft.organizations, "organizations")
    told.organizations = organizations
  end
  if draft.addresses ~= nil then
    told.flags = told.flags + N.DRAFT_ADDRESSES
    addresses, told.addresses_count = slices(draft.addresses, "addresses")
    told.addresses = addresses
  end
  if draft.peppers ~= nil then told.peppers = handle_of(draft.peppers, Peppers, "peppers") end
  if draft.name ~= nil then slice(told.name, draft.name, "name") end
  if draft.metadata ~= nil then slice(told.metadata, draft.metadata, "metadata") end
  for _, name in ipairs { "created_at", "not_before", "expires_at" } do
    local time = draft[name]
    if time ~= nil or name == "created_at" then
      if out_of_range(seconds(time, name)) then return range_error() end
      told[name] = time
      told.flags = told.flags + (TIME_FLAGS[name] or 0)
    end
  end
  held[1], held[2], held[3], held[4] = draft, scopes, organizations, addresses
  local text, problem = text_of[1](C.cogauth_record_issue, told)
  held[1], held[2], held[3], held[4] = nil, nil, nil, nil
  return text, problem
end

--- Reads a record, as a table.
function M.read_record(record)
  return decoded(text_of[2](C.cogauth_record_read, bytes(record, "record")))
end

--- What edges may have of a record, as JSON text.
function M.edge_record(record)
  return text_of[2](C.cogauth_record_for_edges, bytes(record, "record"))
end

--- What people may see of a record, as JSON text.
function M.display_record(record)
  return text_of[2](C.cogauth_record_for_display, bytes(record, "record"))
end

--- The record, revoked at a time, as JSON text.
function M.revoke_record(record, at)
  local text, size = bytes(record, "record")
  if out_of_range(seconds(at, "at")) then return range_error() end
  return text_of[3](C.cogauth_record_revoke, text, size, at)
end

--- The record, used at a time, as JSON text; a later use stays.
function M.use_record(record, at)
  local text, size = bytes(record, "record")
  if out_of_range(seconds(at, "at")) then return range_error() end
  return text_of[3](C.cogauth_record_used, text, size, at)
end

--- The record to store where the store may hold another one of the same credential: good only
--- where and when both are, as JSON text.
function M.merge_records(record, stored)
  local text, size = bytes(record, "record")
  return text_of[4](C.cogauth_record_merge, text, size, bytes(stored, "stored record"))
end

--- The name of the code for which the credential is not active; an empty text if it is.
function M.inactive_because(record, now)
  local text, size = bytes(record, "record")
  if out_of_range(seconds(now, "now")) then return range_error() end
  local code = ffi.new("int32_t[1]")
  local problem = C.cogauth_record_inactive(text, size, now, code, failure)
  if problem ~= 0 then return failed(problem, M.inactive_because, record, now) end
  if code[0] == 0 then return "" end
  return (words_of(code[0]))
end

local ROTATION = { later_expiry = true, max_grace = true }

--- The record, succeeded by another and good until `grace_until`, as JSON text. `options` may have
--- `later_expiry`, which lets the successor expire later and is for those who may make credentials
--- of this principal, and `max_grace`, the most seconds from `now` to `grace_until`: 30 days by
--- default.
function M.rotate_record(record, successor, grace_until, now, options)
  options = options == nil and {} or options
  members(options, ROTATION, "options")
  local old, old_size = bytes(record, "record")
  local new, new_size = bytes(successor, "successor")
  if out_of_range(seconds(grace_until, "grace_until")) or out_of_range(seconds(now, "now")) then
    return range_error()
  end
  local most = options.max_grace
  if most ~= nil and out_of_range(seconds(most, "max_grace")) then return range_error() end
  local flags = flag(options.later_expiry, "later_expiry") and N.ROTATE_LATER_EXPIRY or 0
  return text_of[8](C.cogauth_record_rotate_within, old, old_size, new, new_size, grace_until, now,
    flags, most or NONE)
end

-- A token verified at one time, and accepted at another.
local function accepted(token, text, problem)
  if text == nil then return nil, problem end
  local answer = M.decode(text)
  local parsed = M.parse_token(token)
  answer.handle, answer.kind, answer.id = parsed.handle, parsed.kind, parsed.id
  return answer
end

--- Verifies a token at `verified_at`, and compares it at `now` with what the store has: `record` is
--- nil if it has none. The answer has `handle`, `kind`, `id`, `principal`, `validUntil` and
--- `record`.
function M.accept_at_edge(keys, token, verified_at, record, now)
  local handle = handle_of(keys, EdgeKeys, "keys")
  local text, size = bytes(token, "token")
  if record ~= nil then bytes(record, "record") end
  if out_of_range(seconds(verified_at, "verified_at")) or out_of_range(seconds(now, "now")) then
    return range_error()
  end
  return accepted(token, text_of[7](C.cogauth_accept_at_edge, handle, text, size, verified_at,
    record, record and #record or 0, now))
end

--- The same at an origin, which has the peppers.
function M.accept_at_origin(keys, peppers, token, verified_at, record, now)
  local handle = handle_of(keys, EdgeKeys, "keys")
  local text, size = bytes(token, "token")
  if record ~= nil then bytes(record, "record") end
  if out_of_range(seconds(verified_at, "verified_at")) or out_of_range(seconds(now, "now")) then
    return range_error()
  end
  return accepted(token, text_of[8](C.cogauth_accept_at_origin, handle,
    handle_of(peppers, Peppers, "peppers"), text, size, verified_at, record,
    record and #record or 0, now))
end

---- Policies.

local function optional(value, what)
  if value == nil then return nil, 0 end
  return bytes(value, what)
end

--- Loads a compiled policy. `sha256` are the hexadecimal digits that its bytes must hash to:
--- without them, whoever can write the image decides.
function Policy.new(image, sha256)
  local data, size = bytes(image, "image")
  local digest, digest_size = optional(sha256, "sha256")
  local out = ffi.new("cogauth_policy *[1]")
  local code = C.cogauth_policy_from_image(data, size, digest, digest_size, out, failure)
  if code ~= 0 then return failed(code, Policy.new, image, sha256) end
  return own(Policy, out, C.cogauth_policy_release)
end

--- The policy that comes with the library.
function Policy.builtin()
  local out = ffi.new("cogauth_policy *[1]")
  local code = C.cogauth_policy_builtin(out, failure)
  if code ~= 0 then return failed(code, Policy.builtin) end
  return own(Policy, out, C.cogauth_policy_release)
end

local function documents_of(documents)
  if type(documents) ~= "table" then wrong("documents must be a list of pairs") end
  local array = ffi.new("cogauth_document[?]", #documents + 1)
  for i, pair in ipairs(documents) do
    if type(pair) ~= "table" then wrong("a document is a pair of its name and its text") end
    slice(array[i - 1].name, pair[1], "a document's name")
    slice(array[i - 1].text, pair[2], "a document's text")
  end
  return array, #documents
end

--- Compiles a policy from its documents, a list of pairs of a name and a JSON text. `digest` is
--- what the policy's must be.
function Policy.compile(documents, digest)
  local array, count = documents_of(documents)
  local text, size = optional(digest, "digest")
  local out = ffi.new("cogauth_policy *[1]")
  held[1] = documents
  local code = C.cogauth_policy_from_documents(array, count, text, size, out, failure)
  held[1] = nil
  if code ~= 0 then return failed(code, Policy.compile, documents, digest) end
  return own(Policy, out, C.cogauth_policy_release)
end

local function problems_of(name)
  local symbol = "cogauth_policy_" .. name
  return function(documents)
    held[1] = documents
    local problems, problem = decoded(text_of[2](C[symbol], documents_of(documents)))
    held[1] = nil
    for _, found in ipairs(problems or {}) do setmetatable(found, Error) end
    return problems, problem
  end
end

--- All that is wrong with a policy's documents: a list of errors, empty if they compile.
Policy.check = problems_of "check"

--- What is not wrong with a policy's documents and probably not meant: a list of at most 100, or
--- nil and the error if they do not compile.
Policy.warnings = problems_of "warnings"

--- The documents as one, in the form that the policy's digest is made over.
function Policy.bundle(documents)
  held[1] = documents
  local text, problem = text_of[2](C.cogauth_policy_bundle, documents_of(documents))
  held[1] = nil
  return text, problem
end

local function of_policy(name, decode)
  local symbol = "cogauth_policy_" .. name
  return function(self)
    local text, problem = text_of[1](C[symbol], handle_of(self, Policy, "policy"))
    if decode then return decoded(text, problem) end
    return text, problem
  end
end

--- The digest that names the policy in every answer, the SHA-256 of its image, its actions.
Policy.digest, Policy.image_digest = of_policy "digest", of_policy "image_digest"
Policy.actions = of_policy("actions", true)

--- The compiled image.
function Policy:image()
  local handle, image = handle_of(self, Policy, "policy"), ffi.new("cogauth_slice")
  local code = C.cogauth_policy_image(handle, image, failure)
  if code ~= 0 then return failed(code, Policy.image, self) end
  return ffi.string(image.data, image.length)
end

--- Whether an AuthZEN request, a JSON text, is allowed: true or false, and then why not.
function Policy:decide(request)
  local handle = handle_of(self, Policy, "policy")
  local text, size = bytes(request, "request")
  local decision = sized("cogauth_decision")
  local code = C.cogauth_policy_decide(handle, text, size, decision, failure)
  if code ~= 0 then return failed(code, Policy.decide, self, request) end
  if decision.decision == N.ALLOW then return true end
  return false, DENIALS[decision.denial] or "indeterminate"
end

--- The same with its explanation, as JSON text.
function Policy:explain(request)
  return text_of[3](C.cogauth_policy_explain, handle_of(self, Policy, "policy"),
    bytes(request, "request"))
end

--- Answers an AuthZEN request, or a batch of them, as JSON text.
function Policy:evaluate(request)
  return text_of[3](C.cogauth_policy_evaluate, handle_of(self, Policy, "policy"),
    bytes(request, "request"))
end

--- Which actions an AuthZEN search request would be allowed, as JSON text.
function Policy:search_actions(request)
  return text_of[3](C.cogauth_policy_search_actions, handle_of(self, Policy, "policy"),
    bytes(request, "request"))
end

--- The route of a method and a request target: `found`, then `action`, `organization`, `resource`,
--- `parameters` and `undecided`, or `reason` and perhaps `methods`.
function Policy:route(method, target)
  local handle = handle_of(self, Policy, "policy")
  return decoded(text_of[5](C.cogauth_policy_route, handle, method,
    select(2, bytes(method, "method")), bytes(target, "target")))
end

---- The gate.

local GATE = {
  policy = true, keys = true, peppers = true, realm = true, retry_after = true,
  max_record_age = true, pass_on = true, preflight = true,
}

local GATE_SECONDS = {
  retry_after = N.GATE_RETRY_AFTER, max_record_age = N.GATE_MAX_RECORD_AGE,
}

--- Makes a gate of `policy`, `keys`, and perhaps `peppers`, which make it one at an origin;
--- `realm`, `retry_after`, `max_record_age`, `pass_on` and `preflight`.
function Gate.new(options)
  members(options, GATE, "options")
  local policy = handle_of(options.policy, Policy, "policy")
  local keys = handle_of(options.keys, EdgeKeys, "keys")
  local peppers = options.peppers ~= nil and handle_of(options.peppers, Peppers, "peppers") or nil
  local told, flags = sized("cogauth_gate_options"), 0
  if options.realm ~= nil then slice(told.realm, options.realm, "realm") end
  for name, flag in pairs(GATE_SECONDS) do
    if options[name] ~= nil then
      if out_of_range(seconds(options[name], name)) then return range_error() end
      told[name], flags = options[name], flags + flag
    end
  end
  if flag(options.pass_on, "pass_on") then flags = flags + N.GATE_PASS_ON end
  if flag(options.preflight, "preflight") then flags = flags + N.GATE_PREFLIGHT end
  told.flags = flags
  local out = ffi.new("cogauth_gate *[1]")
  held[1] = options
  local code = C.cogauth_gate_new(policy, keys, peppers, told, out, failure)
  held[1] = nil
  if code ~= 0 then return failed(code, Gate.new, options) end
  return own(Gate, out, C.cogauth_gate_release)
end

local lent -- a slice for what an exchange lends

local function text_at(handle, which)
  C.cogauth_exchange_text(handle, which, lent)
  if lent.data == nil then return nil end
  return ffi.string(lent.data, lent.length)
end

local function list_at(handle, list)
  local found = setmetatable({}, M.array)
  for i = 1, tonumber(C.cogauth_exchange_count(handle, list)) do
    C.cogauth_exchange_entry(handle, list, i - 1, nil, lent)
    found[i] = ffi.string(lent.data, lent.length)
  end
  return found
end

local function resource_at(handle)
  local type, id = text_at(handle, N.TEXT_RESOURCE_TYPE), text_at(handle, N.TEXT_RESOURCE_ID)
  return id and { type = type, id = id }
end

local function named_at(handle, list)
  local found, name = {}, ffi.new("cogauth_slice")
  for i = 1, tonumber(C.cogauth_exchange_count(handle, list)) do
    C.cogauth_exchange_entry(handle, list, i - 1, name, lent)
    found[ffi.string(name.data, name.length)] = ffi.string(lent.data, lent.length)
  end
  return found
end

local READ = {
  record = function(handle) return { id = text_at(handle, N.TEXT_CREDENTIAL_ID) } end,
  facts = function(handle)
    return {
      principal = text_at(handle, N.TEXT_PRINCIPAL),
      principalType = text_at(handle, N.TEXT_PRINCIPAL_TYPE),
      organization = text_at(handle, N.TEXT_ORGANIZATION),
      resource = resource_at(handle),
    }
  end,
  allowed = function(handle)
    local valid_until = C.cogauth_exchange_valid_until(handle)
    return {
      principal = {
        type = text_at(handle, N.TEXT_PRINCIPAL_TYPE), id = text_at(handle, N.TEXT_PRINCIPAL),
      },
      credential = {
        kind = text_at(handle, N.TEXT_CREDENTIAL_KIND), id = text_at(handle, N.TEXT_CREDENTIAL_ID),
        handle = text_at(handle, N.TEXT_CREDENTIAL_HANDLE),
      },
      action = text_at(handle, N.TEXT_ACTION),
      organization = text_at(handle, N.TEXT_ORGANIZATION),
      resource = resource_at(handle),
      parameters = named_at(handle, N.LIST_PARAMETERS),
      undecided = list_at(handle, N.LIST_UNDECIDED),
      advice = list_at(handle, N.LIST_ADVICE),
      validUntil = valid_until ~= NONE and tonumber(valid_until) or nil,
      audit = text_at(handle, N.TEXT_AUDIT),
    }
  end,
  refused = function(handle)
    return {
      status = C.cogauth_exchange_status(handle),
      code = text_at(handle, N.TEXT_CODE),
      number = C.cogauth_exchange_code(handle),
      headers = named_at(handle, N.LIST_HEADERS),
      body = text_at(handle, N.TEXT_BODY),
      audit = text_at(handle, N.TEXT_AUDIT),
    }
  end,
  pass_on = function() return {} end,
  preflight = function() return {} end,
}

-- What is said of a step that this file does not know: it is a refusal.
local function unknown_step(number)
  local code, sentence = words_of(N.E_UNAVAILABLE)
  local body = '{"type":"about:blank","title":"Service Unavailable","status":503,"code":"%s",'
    .. '"detail":"%s"}'
  return {
    step = "refused", status = 503, code = code, number = N.E_UNAVAILABLE,
    headers = { ["content-type"] = "application/problem+json", ["cache-control"] = "no-store" },
    body = body:format(code, sentence), cause = ("the step %d is not known"):format(number),
  }
end

local REQUEST = {
  method = true, target = true, authorization = true, context = true, client_address = true,
}

--- Begins with a request at `now`: its `method`, its `target` as it was sent, `authorization`, a
--- list of all values of that header, and perhaps `context`, a JSON text, and `client_address`, the
--- client's IP address as the connection or a proxy of your own says it. Close the exchange at its
--- end.
function Gate:begin(request, now)
  local gate = handle_of(self, Gate, "gate")
  members(request, REQUEST, "request")
  local told, lines = sized("cogauth_request"), nil
  slice(told.method, request.method, "method")
  slice(told.target, request.target, "target")
  lines, told.authorization_count = slices(request.authorization, "authorization")
  told.authorization = lines
  if request.context ~= nil then slice(told.context, request.context, "context") end
  if request.client_address ~= nil then
    slice(told.client_address, request.client_address, "client_address")
  end
  if out_of_range(seconds(now, "now")) then return range_error() end
  local out = ffi.new("cogauth_exchange *[1]")
  held[1], held[2], held[3] = request, request.authorization, lines
  local code = C.cogauth_exchange_begin(gate, told, now, out, failure)
  held[1], held[2], held[3] = nil, nil, nil
  if code ~= 0 then return failed(code, Gate.begin, self, request, now) end
  return own(Exchange, out, C.cogauth_exchange_release)
end

--- Where the exchange stands: `step` and its members. `record` has the `id` of the record to fetch,
--- `facts` the `principal`, its `principalType`, `user` or `service_user`, since ids alone do not
--- tell a user from a service user, and perhaps the `organization` and the `resource`, which has
--- `type` and `id`; the others are outcomes. `refused` has the `number` of its `code`.
function Exchange:step()
  local handle = handle_of(self, Exchange, "exchange")
  local number = C.cogauth_exchange_step(handle)
  local name = STEPS[number]
  if not name then return unknown_step(number) end
  local step = READ[name](handle)
  step.step = name
  return step
end

local function asked(self)
  local handle = handle_of(self, Exchange, "exchange")
  return handle, C.cogauth_exchange_step(handle)
end

--- Answers what is asked with what was found, a JSON text. `fetched_at` is when a record was read
--- from the issuer's store, if that is known.
function Exchange:found(text, fetched_at)
  local handle, step = asked(self)
  local data, size = bytes(text, "what was found")
  if fetched_at ~= nil and out_of_range(seconds(fetched_at, "fetched_at")) then
    return range_error()
  end
  local code = C.cogauth_exchange_found(handle, step, data, size, fetched_at or NONE, failure)
  if code ~= 0 then return failed(code, Exchange.found, self, text, fetched_at) end
  return true
end

--- Answers that the store has no such record or principal.
function Exchange:absent()
  local handle, step = asked(self)
  local code = C.cogauth_exchange_absent(handle, step, failure)
  if code ~= 0 then return failed(code, Exchange.absent, self) end
  return true
end

--- Answers that the store could not be asked.
function Exchange:unavailable()
  local handle, step = asked(self)
  local code = C.cogauth_exchange_unavailable(handle, step, failure)
  if code ~= 0 then return failed(code, Exchange.unavailable, self) end
  return true
end

--- What people may see of an allowed credential's record, as JSON text.
function Exchange:record()
  return text_of[1](C.cogauth_exchange_record, handle_of(self, Exchange, "exchange"))
end

local STORES = { record = true, facts = true }

-- Why what a store returned is no answer, if it is none. `dated` is whether it may say when a text
-- was fetched.
local function why_not(dated, ran, text, more)
  if not ran then return text or "a store raised nothing" end
  if text == nil then
    if more == false then return "a store returned nil and false" end
    return more
  end
  if type(text) ~= "string" then return "a store returned a " .. type(text) .. " and no text" end
  if dated and more ~= nil and (type(more) ~= "number" or out_of_range(more)) then
    return "a store returned no time at which the text was fetched"
  end
end

-- Asks a store, and gives the exchange its answer. It returns the next step, and why a store could
-- not be asked.
local function answer(exchange, store, dated, ...)
  local ran, text, more = pcall(store, ...)
  local cause = why_not(dated, ran, text, more)
  local done, problem
  if cause ~= nil then
    done, problem = exchange:unavailable()
  elseif text == nil then
    done, problem = exchange:absent()
  else
    done, problem = exchange:found(text, dated and more or nil)
  end
  if not done then error(problem, 0) end
  return exchange:step(), cause
end

local function go_through(exchange, stores)
  local step, no_record, no_facts = exchange:step(), nil, nil
  if step.step == "record" then
    step, no_record = answer(exchange, stores.record, true, step.id)
  end
  if step.step == "facts" then
    step, no_facts = answer(exchange, stores.facts, false, step.principal, step.organization,
      step.resource, step.principalType)
  end
  if step.step == "record" or step.step == "facts" then error("the gate asks once more", 0) end
  step.cause = no_record or no_facts or step.cause
  return step
end

--- Takes a request through the gate, and returns the outcome: a step that is `allowed`, `refused`,
--- `pass_on` or `preflight`.
---
--- `stores` has two functions: `record(id)` and `facts(principal, organization, resource, type)`.
--- The type of the principal is `user` or `service_user`: ids alone do not tell a user from a
--- service user. They return a JSON text, and for a record perhaps when it was fetched; or nil if
--- there is none; or nil and a reason, or raise, if the store cannot be asked: the request is
--- refused with 503 then, and `cause` is the reason. So it is if they return anything else.
function Gate:guard(request, now, stores)
  members(stores, STORES, "stores")
  for name in pairs(STORES) do
    if type(stores[name]) ~= "function" then wrong("stores." .. name .. " must be a function") end
  end
  local exchange, problem = self:begin(request, now)
  if not exchange then return nil, problem end
  local ran, outcome, why = pcall(go_through, exchange, stores)
  exchange:close()
  if not ran then error(outcome, 0) end
  return outcome, why
end

local ACCESS = { pass_on = "function", preflight = "function", context = "function",
  client_address = "function", rewritten = "boolean" }

-- Nobody is allowed without facts, which are asked for when the rest is judged.
local function not_judged() return nil, "the path that is served is not that of the target" end

-- nginx serves `uri`, which is decoded, with its slashes merged and its dots resolved. The gate
-- refuses paths in which there was something to merge or to resolve.
local function is_served(target)
  local path = target:match("^[^?]*"):gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end)
  return path == ngx.var.uri
end

--- Guards a location of nginx: call it in `access_by_lua_block`. It returns the outcome if the
--- request may go on, which is `allowed`, or `pass_on` or `preflight` if `options` has a function
--- of that name, to which the outcome is given first. A refusal is sent here. Whatever else happens
--- raises an error, which nginx answers with 500.
---
--- `options.context` is a function that returns the context, a JSON text or nil, and
--- `options.client_address` one that returns the client's IP address or nil:
--- `function() return ngx.var.remote_addr end` where no proxy is before nginx.
---
--- What is judged is the target as it was sent; what is served may be another path, after a
--- `rewrite`, `try_files` or `error_page`, or in a subrequest. It is refused with 503 then. With
--- `rewritten = true` they are not compared: who may see one path is served another then, if a
--- rewriting leads there.
function M.access(gate, stores, options)
  options = options == nil and {} or options
  members(options, ACCESS, "options")
  for name, value in pairs(options) do
    if type(value) ~= ACCESS[name] then wrong(("%s must be a %s"):format(name, ACCESS[name])) end
  end
  local lines = ngx.req.get_headers(0)["authorization"]
  if type(lines) ~= "table" then lines = { lines } end
  local request = {
    method = ngx.req.get_method(), target = ngx.var.request_uri, authorization = lines,
    context = options.context and options.context(),
    client_address = options.client_address and options.client_address(),
  }
  if not options.rewritten and not is_served(request.target) then
    stores = { record = stores.record, facts = not_judged }
  end
  local outcome, problem = gate:guard(request, ngx.time(), stores)
  if not outcome then error(tostring(problem), 0) end
  if outcome.step == "allowed" then return outcome end
  if outcome.step == "refused" then
    if outcome.cause then
      ngx.log(ngx.ERR, "the request could not be judged: ", tostring(outcome.cause))
    end
    ngx.status = outcome.status
    for name, value in pairs(outcome.headers) do ngx.header[name] = value end
    ngx.header["content-length"] = #outcome.body
    ngx.print(outcome.body)
    return ngx.exit(ngx.HTTP_OK)
  end
  local other = options[outcome.step]
  if not other then error("nothing is said of the outcome " .. outcome.step, 0) end
  other(outcome)
  return outcome
end

---- Loading.

local function library_path()
  local path = os.getenv("COGAUTH_LIBRARY")
  if path then return path end
  local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
  local names = { Windows = "cogauth.dll", OSX = "libcogauth.dylib" }
  return folder .. (names[ffi.os] or "libcogauth.so")
end

-- A library of a greater minor number has more, and nothing else.
function M._check_abi(version, major, minor)
  local found_major, found_minor = bit.rshift(version, 16), bit.band(version, 0xffff)
  if found_major ~= major or found_minor < minor then
    error(("the library has the ABI %d.%d, and this file needs %d.%d"):format(
      found_major, found_minor, major, minor), 0)
  end
end

local function load_library()
  if not pcall(ffi.typeof, "cogauth_error") then ffi.cdef(DECLARATIONS) end
  C = ffi.load(library_path())
  M._check_abi(C.cogauth_abi_version(), N.ABI_MAJOR, N.ABI_MINOR)
  buffer, json_buffer = ffi.new("char[?]", capacity), ffi.new("char[?]", json_capacity)
  length, failure, lent = ffi.new("size_t[1]"), sized("cogauth_error"), ffi.new("cogauth_slice")
  failure.json, failure.json_capacity = json_buffer, json_capacity
  local function lazily(type_name)
    return reader(type_name, type_name .. "_read", type_name .. "_release")
  end
  read_edge_keys, read_peppers = lazily("cogauth_edge_keys"), lazily("cogauth_peppers")
  read_root_keys = lazily("cogauth_root_keys")
end

load_library()

--- The version of the library that is loaded.
function M.version() return ffi.string(C.cogauth_version()) end

--- Whether the library is the full build, which has minting, records and documents.
function M.is_full() return bit.band(C.cogauth_features(), N.FEATURE_FULL) ~= 0 end

--- The name of a code and what to do about it; nil if there is no such code.
function M.code_name(code)
  if C.cogauth_code_name(code, length) == nil then return nil end
  return words_of(code)
end

return M
