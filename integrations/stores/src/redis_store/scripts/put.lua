-- KEYS: facts, current. ARGV: a notice, and the fields that are there from now on, with their
-- values.
local current = redis.call('GET', KEYS[2])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
redis.call('DEL', KEYS[1])
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PUBLISH', 'cog-auth', ARGV[1])
return '0'
