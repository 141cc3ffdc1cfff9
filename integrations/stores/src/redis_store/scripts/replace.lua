-- KEYS: record, current. ARGV: id, record, revoked_at or nothing, the revision that was read.
local current = redis.call('GET', KEYS[2])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
local stored = redis.call('HMGET', KEYS[1], 'revision', 'revoked_at')
if not stored[1] then return 'absent' end
if stored[2] then return 'revoked' end
if stored[1] ~= ARGV[4] then return 'changed' end
redis.call('HSET', KEYS[1], 'record', ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'revoked_at', ARGV[3]) end
local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
redis.call('PUBLISH', 'cog-auth', 'credential ' .. ARGV[1])
return tostring(revision)
