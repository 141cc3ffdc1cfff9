-- KEYS: record, current. ARGV: id, record, revision, and `one` where all others are there already.
-- An older revision never replaces a later one.
local current = redis.call('GET', KEYS[2])
if current == 'here' then return 'here' end
if ARGV[4] == 'one' and not current then return 'empty' end
local stored = tonumber(redis.call('HGET', KEYS[1], 'revision') or '0')
local revision = tonumber(ARGV[3])
if stored <= revision then
  redis.call('HSET', KEYS[1], 'record', ARGV[2], 'revision', ARGV[3])
end
if stored < revision then
  redis.call('PUBLISH', 'cog-auth', 'credential ' .. ARGV[1])
end
return '0'
