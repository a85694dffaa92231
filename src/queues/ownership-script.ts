/** Parts of a queue's key space that scripts about its jobs use, by number from 1. */
const JOB_KEY_PARTS = [
  'wait',
  'active',
  'prioritized',
  'events',
  'stalled',
  'limiter',
  'delayed',
  'paused',
  'meta',
  'pc',
  'marker',
  'completed',
  'failed',
  'metrics:completed',
  'metrics:failed',
  'waiting-children',
] as const;

/**
 * Opens every script about jobs: KEYS are the queues' key prefixes, most urgent first. They stand
 * for all keys below them: naming each would double the size of every call, and a system's keys lie
 * in one hash slot of a cluster anyway. Gives `now` (ms, by Redis's clock, one for all workers),
 * `queues`, `key(queue, part number)`, `prefix(queue)`, `own` and `notify`.
 */
export const jobScriptHead = `
local PARTS = { ${JOB_KEY_PARTS.map((part) => `'${part}'`).join(', ')} }
local queues = #KEYS
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function key(queue, part) return KEYS[queue] .. PARTS[part] end
local function prefix(queue) return KEYS[queue] end

-- Makes sure that a job which its worker still runs is the worker's own. A lease that lapsed comes
-- back as long as nobody else has begun the job, also when it has been put back to wait already.
local function own(queue, id, token, lease)
  local job = prefix(queue) .. id
  local holder = redis.call('GET', job .. ':lock')
  if holder and holder ~= token then return false end
  if not holder then
    if redis.call('EXISTS', job) == 0 then return false end
    if not redis.call('LPOS', key(queue, 2), id) then
      if redis.call('LREM', key(queue, 1), -1, id) == 0 then return false end
      redis.call('LPUSH', key(queue, 2), id)
      -- Its worker was taken for dead, and is not: nothing counts against the job.
      local before = redis.call('HMGET', job, 'dswDeathsBefore', 'dswAloneBefore')
      redis.call('HSET', job, 'dswDeaths', before[1] or 0)
      if before[2] == '1' then redis.call('HSET', job, 'dswAlone', 1) end
    end
  end
  redis.call('SET', job .. ':lock', token, 'PX', lease)
  redis.call('SREM', key(queue, 5), id)
  return true
end

-- Has those who asked for it told that a job is done or dead: in the step that makes it so.
local function notify(queue, id)
  if redis.call('HEXISTS', prefix(queue) .. id, 'dswWebhook') == 0 then return end
  redis.call('HDEL', prefix(queue) .. id, 'dswWebhookTries')
  redis.call('ZADD', prefix(queue) .. 'dsw-outbox', now, id)
end
`;
