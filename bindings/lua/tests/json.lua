-- JSON with the members of every object sorted by name, of what `cog_auth.decode` makes.

local cog_auth = require "cog_auth"

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

local function canonical(value)
  if type(value) == "string" then return quoted(value) end
  if type(value) == "number" then return ("%.17g"):format(value) end
  if type(value) ~= "table" or value == cog_auth.null then return tostring(value) end
  local parts = {}
  if getmetatable(value) == cog_auth.array then
    for i, item in ipairs(value) do parts[i] = canonical(item) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local names = {}
  for name in pairs(value) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do parts[i] = quoted(name) .. ":" .. canonical(value[name]) end
  return "{" .. table.concat(parts, ",") .. "}"
end

return { canonical = canonical }
