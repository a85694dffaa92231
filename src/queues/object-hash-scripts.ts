/**
 * Takes a group off the books: what it held is free again.
 * KEYS everywhere below: index (group → last write, ms), sizes (group → bytes), total (bytes).
 */
const forgetGroup = `
local index, sizes, total = KEYS[1], KEYS[2], KEYS[3]
local function forget(stem, group)
  local bytes = tonumber(redis.call('HGET', sizes, group) or 0)
  redis.call('DEL', stem .. group)
  redis.call('HDEL', sizes, group)
  redis.call('ZREM', index, group)
  redis.call('DECRBY', total, bytes)
  return bytes
end
`;

/**
 * Writes one object, if there is room. Redis drops a group that expires by itself; its bytes are
 * given back here, before they are counted.
 * ARGV: stem of the groups' keys, group, expiry (ms), bytes allowed in total, name, value.
 * Reply: { 1 when stored, bytes in total }.
 */
export const putObjectScript = `${forgetGroup}
local stem, group, expiry, name, value = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[5], ARGV[6]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, expired in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', now - expiry, 'LIMIT', 0, 100)) do
  forget(stem, expired)
end
local more = #value - redis.call('HSTRLEN', stem .. group, name)
local held = tonumber(redis.call('GET', total) or 0)
if more > 0 and held + more > tonumber(ARGV[4]) then return { 0, held } end
redis.call('HSET', stem .. group, name, value)
redis.call('PEXPIRE', stem .. group, expiry)
redis.call('ZADD', index, string.format('%.0f', now), group)
redis.call('HINCRBY', sizes, group, more)
return { 1, redis.call('INCRBY', total, more) }
`;

/** Removes objects. ARGV: stem, group, names; without names the whole group. Reply: bytes freed. */
export const removeObjectsScript = `${forgetGroup}
local stem, group = ARGV[1], ARGV[2]
if #ARGV == 2 then return forget(stem, group) end
local freed = 0
for i = 3, #ARGV do
  freed = freed + redis.call('HSTRLEN', stem .. group, ARGV[i])
  redis.call('HDEL', stem .. group, ARGV[i])
end
if redis.call('EXISTS', stem .. group) == 0 then return forget(stem, group) end
redis.call('HINCRBY', sizes, group, -freed)
redis.call('DECRBY', total, freed)
return freed
`;
