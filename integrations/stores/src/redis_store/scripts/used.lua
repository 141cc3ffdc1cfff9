-- KEYS: current, and the records. ARGV: a time for each record.
local current = redis.call('GET', KEYS[1])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
for i, at in ipairs(ARGV) do
  local stored = redis.call('HMGET', KEYS[i + 1], 'revision', 'last_used_at')
  if stored[1] and (not stored[2] or tonumber(stored[2]) < tonumber(at)) then
    redis.call('HSET', KEYS[i + 1], 'last_used_at', at)
  end
end
return '0'
