-- The declarations and numbers of cog_auth.lua are those of cogauth.h.

local cog_auth = require "cog_auth"
local check = require "check"

local KEPT_OUT = { alloc = "WebAssembly only", free = "WebAssembly only" }

-- What is declared, without comments and the preprocessor's lines.
local function plain(text)
  text = text:gsub("//[^\n]*", ""):gsub("\n%s*#[^\n]*", ""):gsub('extern "C" {', "")
  return (text:gsub("%s+", " "))
end

local function structs_of(text)
  text = plain(text)
  local found = {}
  for body, name in text:gmatch("typedef struct (%b{}) ([%w_]+);") do
    found[name] = body:gsub("%s", "")
  end
  for name in text:gmatch("typedef struct ([%w_]+) [%w_]+;") do found[name] = "opaque" end
  return found
end

local function functions_of(text)
  text = plain(text):gsub("typedef struct %b{} [%w_]+;", "")
  local found = {}
  for result, name, parameters in text:gmatch("([%w_ ]+%*?) ?(cogauth_[%w_]+)(%b());") do
    local types = {}
    for parameter in parameters:sub(2, -2):gmatch("[^,]+") do
      parameter = parameter:gsub("^ ", ""):gsub(" $", "")
      -- A name is a word after a type.
      parameter = parameter:gsub("^(.*[%w_*] ?[ *])[%w_]+$", function(kind)
        if kind == "const " then return nil end
        return kind
      end)
      types[#types + 1] = (parameter:gsub(" ", ""))
    end
    found[name] = result:gsub(" ", "") .. "(" .. table.concat(types, ",") .. ")"
  end
  return found
end

return function(header)
  local is, should = structs_of(cog_auth._DECLARATIONS), structs_of(header)
  local compared = 0
  for name, body in pairs(should) do
    check.equal(is[name], body, name)
    compared = compared + 1
  end
  check.equal(compared, 15, "structs of the header")

  is, should = functions_of(cog_auth._DECLARATIONS), functions_of(header)
  compared = 0
  for name, kind in pairs(should) do
    local short = name:sub(#"cogauth_" + 1)
    if not KEPT_OUT[short] and not short:find "_retain$" then
      check.equal(is[name], kind, name)
      compared = compared + 1
    end
  end
  check.yes(compared > 60, "functions of the header: " .. compared)
  for name in pairs(is) do check.yes(should[name], name .. " is in the header") end

  local defined = {}
  for name, value in header:gmatch "#define COGAUTH_([%w_]+) (%d+)" do
    defined[name] = tonumber(value)
  end
  for name, value in pairs(cog_auth._NUMBERS) do check.equal(value, defined[name], name) end
  -- A closed set that grew must be known here.
  for _, set in ipairs { "STEP", "TEXT", "LIST", "GATE", "SCHEME", "KIND", "FEATURE" } do
    for name, value in pairs(defined) do
      if name:find("^" .. set .. "_") then check.equal(cog_auth._NUMBERS[name], value, name) end
    end
  end
end
