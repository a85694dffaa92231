/** How long buckets are kept: the quarter of an hour on screen, the day of the baseline, and slack. */
const KEEP_SECONDS = { minute: 1200, hour: 93_600 };

/**
 * For scripts that write to the common history. `flowBucket` gives the key of the bucket under way; a
 * new one begins with how many jobs each queue was ever given, and how many wait in it.
 */
export const flowNotesLua = `
local FLOW_UNITS = { minute = { 60, ${KEEP_SECONDS.minute} }, hour = { 3600, ${KEEP_SECONDS.hour} } }

local function noteQueues(bucket, prefixes, first)
  for _, p in ipairs(prefixes) do
    local name, total = p:match('([^:]+):$'), redis.call('GET', p .. 'id') or 0
    local waiting = redis.call('LLEN', p .. 'wait') + redis.call('ZCARD', p .. 'prioritized')
    if first then redis.call('HSET', bucket, 'b:' .. name, total) end
    redis.call('HSET', bucket, 'a:' .. name, total, 'q:' .. name, waiting)
  end
end

local function flowBucket(stem, unit, prefixes, now)
  local length, keep = FLOW_UNITS[unit][1], FLOW_UNITS[unit][2]
  local bucket = stem .. unit .. ':' .. math.floor(now / 1000 / length)
  if redis.call('EXISTS', bucket) == 0 then
    redis.call('HSET', bucket, 't', string.format('%.0f', now))
    redis.call('EXPIRE', bucket, keep)
    noteQueues(bucket, prefixes, true)
  end
  return bucket
end
`;
