-- KEYS: record, current, ids. ARGV: id, record, revoked_at or nothing.
local current = redis.call('GET', KEYS[2])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
if redis.call('EXISTS', KEYS[1]) == 1 then return 'there' end
redis.call('HSET', KEYS[1], 'record', ARGV[2], 'revision', 1)
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'revoked_at', ARGV[3]) end
redis.call('ZADD', KEYS[3], 0, ARGV[1])
redis.call('PUBLISH', 'cog-auth', 'credential ' .. ARGV[1])
return '1'
