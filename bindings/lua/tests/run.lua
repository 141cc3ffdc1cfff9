-- Runs all tests: `luajit tests/run.lua` in the folder of the package. COGAUTH_PARITY is the file
-- of bindings/parity, COGAUTH_LIBRARY the library.

local package_folder = arg[0]:match "^(.*)/tests/[^/]+$" or "."
local pipe = assert(io.popen(("cd '%s' && pwd"):format(package_folder)))
package_folder = pipe:read "*l"
pipe:close()
package.path = ("%s/?.lua;%s/tests/?.lua;%s"):format(package_folder, package_folder, package.path)

local cog_auth = require "cog_auth"
local cjson = require "cjson"
local check = require "check"
local canonical = require("json").canonical

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local root = package_folder .. "/../.."
local inputs = cog_auth.decode(
  read(os.getenv "COGAUTH_BENCH_INPUTS" or root .. "/bindings/bench/inputs.json"))
local failures = 0

local function test(name, f, ...)
  local ran, problem = xpcall(f, function(problem)
    return type(problem) == "string" and debug.traceback(problem, 2) or tostring(problem)
  end, ...)
  if not ran then failures = failures + 1 end
  print((ran and "ok   " or "FAIL ") .. name .. (ran and "" or ": " .. problem))
end

test("header", function() require "header"(read(root .. "/bindings/c/include/cogauth.h")) end)

test("version", function()
  local version = read(root .. "/Cargo.toml"):match '%[workspace.package%].-\nversion = "([^"]+)"'
  check.equal(cog_auth._VERSION, version, "the version of the package")
end)

local behaviour, names = require "behaviour", {}
for name in pairs(behaviour) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do test(name, behaviour[name], inputs) end

-- What one reader of JSON makes of a value and another: they do not tell empty arrays alike.
local function same(is, should, at)
  if type(should) ~= "table" then
    if should == cjson.null then should = cog_auth.null end
    return check.equal(is, should, at)
  end
  for name, value in pairs(should) do same(is[name], value, at .. "/" .. tostring(name)) end
  for name in pairs(is) do check.yes(should[name] ~= nil, at .. "/" .. tostring(name)) end
end

local path = assert(os.getenv "COGAUTH_PARITY", "COGAUTH_PARITY is not set")

test("the reader of JSON", function()
  local text = read(path)
  same(cog_auth.decode(text), cjson.decode(text), "")
end)

test("parity", function()
  local counts, differences = require("parity").run(path)
  local all = 0
  for _, count in pairs(counts) do all = all + count end
  print(("     %d calls compared, %d differences"):format(all, #differences))
  for i = 1, math.min(5, #differences) do print(differences[i]) end
  check.equal(#differences, 0, "the number of differences")
  local table_path = os.getenv "COGAUTH_PARITY_TABLE"
  if table_path then
    local file = assert(io.open(table_path, "ab"))
    file:write(canonical { language = "lua", operations = counts, differences = 0 }, "\n")
    file:close()
  end
end)

test("nginx", function() require "nginx"(package_folder, inputs) end)

print(("%d checks, %d tests failed"):format(check.count, failures))
os.exit(failures == 0 and 0 or 1)
