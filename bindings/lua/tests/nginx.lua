-- The example: a real nginx, called over a socket.

local ffi = require "ffi"
local check = require "check"

ffi.cdef [[
struct cogauth_test_address { uint16_t family; uint16_t port; uint32_t address; char zero[8]; };
int socket(int, int, int);
int connect(int, const void *, unsigned);
int bind(int, const void *, unsigned);
int getsockname(int, void *, unsigned *);
long send(int, const void *, size_t, int);
long recv(int, void *, size_t, int);
int close(int);
int usleep(unsigned);
]]
local AF_INET, SOCK_STREAM = 2, 1
local LOOPBACK = ffi.new("uint8_t[4]", { 127, 0, 0, 1 })

-- A port in the network's order of bytes, and back.
local function swapped(port)
  return bit.bor(bit.lshift(bit.band(port, 255), 8), bit.rshift(port, 8))
end

local function address_of(port)
  local address = ffi.new("struct cogauth_test_address", { family = AF_INET, port = swapped(port) })
  ffi.copy(ffi.cast("char *", address) + 4, LOOPBACK, 4)
  return address
end

local function free_port()
  local socket, address = ffi.C.socket(AF_INET, SOCK_STREAM, 0), address_of(0)
  assert(ffi.C.bind(socket, address, 16) == 0, "no port")
  assert(ffi.C.getsockname(socket, address, ffi.new("unsigned[1]", 16)) == 0, "no name")
  ffi.C.close(socket)
  return swapped(address.port)
end

-- Sends a request as it is, and returns status, headers and body; nil if nobody listens.
local function called(port, lines)
  local socket = ffi.C.socket(AF_INET, SOCK_STREAM, 0)
  if ffi.C.connect(socket, address_of(port), 16) ~= 0 then
    ffi.C.close(socket)
    return nil
  end
  local request = table.concat(lines, "\r\n") .. "\r\nHost: localhost\r\nConnection: close\r\n\r\n"
  assert(ffi.C.send(socket, request, #request, 0) == #request, "not sent")
  local parts, room = {}, ffi.new "char[4096]"
  while true do
    local size = tonumber(ffi.C.recv(socket, room, 4096, 0))
    if size <= 0 then break end
    parts[#parts + 1] = ffi.string(room, size)
  end
  ffi.C.close(socket)
  local head, body = table.concat(parts):match "^(.-)\r\n\r\n(.*)$"
  local headers = {}
  for name, value in head:gmatch "\r\n([^:]+): ([^\r]*)" do headers[name:lower()] = value end
  return tonumber(head:match "^HTTP/1.1 (%d+)"), headers, body
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function written(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  pipe:close()
  return (text:gsub("%s+$", ""))
end

-- Runs the example in a folder of its own, and calls `use` with its port. Without `facts`, nobody
-- listens where the facts are asked for.
local function with_nginx(package, facts, use)
  local folder = output "mktemp -d"
  -- Not the folders that nginx leaves there once somebody has tried the example in its place.
  local copy = "find '%s/example' -maxdepth 1 -type f -exec cp -t '%s' {} +"
  assert(os.execute(copy:format(package, folder)) == 0, "not copied")
  local port, facts_port, nowhere = free_port(), free_port(), free_port()
  local config = read(folder .. "/nginx.conf")
  config = config:gsub("%${prefix}%.%./", package .. "/")
  -- What only tests need: a rewriting, and what a request may ask for.
  config = config:gsub("listen 127.0.0.1:8080;", "%0\n" .. [[
    if ($arg_served) { rewrite ^ /v3/$arg_served last; }
    if ($arg_teapot) { return 418; }
    error_page 418 =200 /v3/gone;
    location = /v3/gone {
      access_by_lua_block { require("guard").access() }
      content_by_lua_block { ngx.say("gone") }
    }]])
  config = config:gsub('"guard"%)%.access%(%)', [["guard").access {
    rewritten = ngx.req.get_uri_args().meant == "yes",
    context = function() return ngx.var.http_x_context end,
    client_address = function() return ngx.var.remote_addr end,
  }]])
  config = config:gsub("outcome%.action%)", [[outcome.action, " ", outcome.audit)]])
  config = config:gsub("listen 127.0.0.1:8080", "listen 127.0.0.1:" .. port)
  config = config:gsub("listen 127.0.0.1:8081", "listen 127.0.0.1:" .. facts_port)
  local asked = facts and facts_port or nowhere
  config = config:gsub("http://127.0.0.1:8081", "http://127.0.0.1:" .. asked)
  written(folder .. "/nginx.conf", config)
  local pid = output(
    ("nginx -p '%s/' -c nginx.conf >'%s/output' 2>&1 </dev/null & echo $!"):format(folder, folder))
  local ran, problem = pcall(function()
    for _ = 1, 250 do
      if called(port, { "GET /ready HTTP/1.1" }) then return use(port) end
      ffi.C.usleep(20000)
    end
    error("nginx does not answer: " .. read(folder .. "/output"))
  end)
  os.execute(("kill %s; while kill -0 %s 2>/dev/null; do sleep 0.02; done"):format(pid, pid))
  local told = ran or pcall(read, folder .. "/error.log") and read(folder .. "/error.log") or ""
  os.execute(("rm -r '%s'"):format(folder))
  if not ran then error(tostring(problem) .. "\n" .. tostring(told), 0) end
end

return function(package, inputs)
  local bearer = "Authorization: " .. inputs.authorization
  local sessions = "GET /v3/organizations/org-a/sessions HTTP/1.1"

  with_nginx(package, true, function(port)
    local status, headers, body = called(port, { sessions })
    check.equal(status, 401, "no credential")
    check.equal(headers["www-authenticate"], 'Bearer realm="example"', "the challenge")
    check.equal(headers["content-type"], "application/problem+json", "the type")
    check.equal(headers["cache-control"], "no-store", "the caching")
    check.yes(body:find('"code":"missing_credential"', 1, true), "the body: " .. body)

    status, headers, body = called(port, { sessions, bearer })
    check.equal(status, 200, "allowed")
    check.yes(body:find("su_ci may ViewOrgSessions", 1, true), "the answer: " .. body)
    check.yes(body:find('"client_address":"127.0.0.1"', 1, true), "the address: " .. body)

    status, headers, body = called(
      port, { "GET /v3/organizations/org-b/sessions HTTP/1.1", bearer })
    check.equal(status, 403, "denied")
    check.equal(headers["www-authenticate"], nil, "no challenge")
    check.yes(body:find('"code":"denied"', 1, true), "the body: " .. body)

    check.equal(called(port, { sessions, bearer, bearer }), 400, "two credentials")
    check.equal(called(port, { "GET /v3//organizations/org-a/sessions HTTP/1.1", bearer }), 400,
      "a path in no normal form")
    check.equal(called(port, { "GET /v3/organizations/%6frg-a/sessions HTTP/1.1", bearer }), 400,
      "a path with a letter encoded")
    check.equal(called(port, { "GET /v3/organizations/org-a/sessions?a=%20b?c HTTP/1.1", bearer }),
      200, "a query is nothing of the path")
    local elsewhere = "GET /v3/organizations/org-a/sessions?served=gone"
    status, headers, body = called(port, { elsewhere .. " HTTP/1.1", bearer })
    check.equal(status, 503, "a path that is rewritten")
    check.equal(headers["retry-after"], "5", "a path that is rewritten")
    check.equal(called(port, { elsewhere .. "&meant=yes HTTP/1.1", bearer }), 200,
      "a path that is meant to be rewritten")
    check.equal(called(port, { elsewhere .. " HTTP/1.1" }), 401, "no credential, and rewritten")
    elsewhere = "GET /v3/organizations/org-a/sessions?teapot=1 HTTP/1.1"
    check.equal(called(port, { elsewhere, bearer }), 503, "the page of an error")
    check.equal(called(port, { sessions, bearer, 'X-Context: {"reserved":1}' }), 200, "a context")
    check.equal(called(port, { sessions, bearer, 'X-Context: {"time":1}' }), 500, "its errors")
    check.equal(called(port, { "DELETE /v3/organizations/org-a/sessions HTTP/1.1", bearer }), 405,
      "a method that the path has not")
    -- The credential is also seen behind more headers than nginx shows to scripts by default.
    local many = { sessions }
    for i = 1, 120 do many[#many + 1] = ("X-%d: x"):format(i) end
    many[#many + 1] = bearer
    check.equal(called(port, many), 200, "a credential behind many headers")
    status, _, body = called(
      port, { sessions, "Authorization: Bearer " .. inputs.token:sub(1, 80) .. "x" })
    check.equal(status, 401, "a changed token")
    check.yes(not body:find(inputs.token:sub(30, 80), 1, true), "the token is not in the body")
  end)

  with_nginx(package, false, function(port)
    local status, headers, body = called(port, { sessions, bearer })
    check.equal(status, 503, "no facts to be had")
    check.equal(headers["retry-after"], "5", "when to try again")
    check.yes(body:find('"code":"unavailable"', 1, true), "the body: " .. body)
  end)
end
