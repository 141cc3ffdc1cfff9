-- KEYS: record, current. ARGV: id, revoked_at.
local current = redis.call('GET', KEYS[2])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
if redis.call('EXISTS', KEYS[1]) == 0 then return 'absent' end
if redis.call('HSETNX', KEYS[1], 'revoked_at', ARGV[2]) == 0 then return 'revoked' end
local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
redis.call('PUBLISH', 'cog-auth', 'credential ' .. ARGV[1])
return tostring(revision)
