-- KEYS: a sorted set, current. ARGV: what is in it from now on.
local current = redis.call('GET', KEYS[2])
if not current then return 'empty' end
if current ~= 'here' then return 'copy' end
redis.call('ZADD', KEYS[1], 0, ARGV[1])
return '0'
