import { moveToFinished } from 'bullmq/dist/cjs/scripts/moveToFinished-14.js';
import { composeScript } from './compose-script.js';
import { jobScriptHead } from './ownership-script.js';

/**
 * Makes a dead letter of a job that has yet to run, and marks one that runs, so that it does not run
 * again should its worker die before it hears of it. KEYS: its queue's
 * key prefix. ARGV: id, reason. Reply: 'cancelled', 'running', 'finished' or 'missing'.
 */
export const cancelScript = composeScript(
  [moveToFinished],
  `${jobScriptHead}
local id, reason = ARGV[1], ARGV[2]
local job = prefix(1) .. id
if redis.call('EXISTS', job) == 0 then return 'missing' end
if redis.call('EXISTS', job .. ':lock') == 1 then
  redis.call('HSET', job, 'dswCancelled', 1)
  return 'running'
end
local found = redis.call('LREM', key(1, 1), 1, id) + redis.call('ZREM', key(1, 7), id) + redis.call('ZREM', key(1, 3), id)
if found == 0 then return 'finished' end
redis.call('LPUSH', key(1, 2), id)
redis.call('SET', job .. ':lock', 'cancel')
local keys = {}
for part = 1, 10 do keys[part] = key(1, part) end
keys[11], keys[12], keys[13], keys[14] = key(1, 13), job, key(1, 15), key(1, 11)
moveToFinished(keys, {
  id, now, 'failedReason', reason, 'failed', 0, prefix(1),
  { token = 'cancel', keepJobs = { count = -1 }, lockDuration = 1000, attempts = 0, maxMetricsSize = '' }
})
notify(1, id)
return 'cancelled'
`,
);

/**
 * Moves a job that waits, or is delayed, to another queue under its id; it goes to the end there.
 * KEYS: key prefixes of its queue and of the other. ARGV: id.
 * Reply: 'moved', 'running', 'finished' or 'missing'.
 */
export const moveScript = `${jobScriptHead}
local id = ARGV[1]
local from, to = prefix(1) .. id, prefix(2) .. id
if redis.call('EXISTS', from) == 0 then return 'missing' end
if redis.call('EXISTS', from .. ':lock') == 1 then return 'running' end
local score = redis.call('ZSCORE', key(1, 7), id)
if score then
  redis.call('ZREM', key(1, 7), id)
  redis.call('ZADD', key(2, 7), score, id)
  redis.call('ZADD', key(2, 11), math.floor(score / 4096), '1')
elseif redis.call('LREM', key(1, 1), 1, id) + redis.call('ZREM', key(1, 3), id) > 0 then
  redis.call('LPUSH', key(2, 1), id)
  redis.call('ZADD', key(2, 11), 0, '0')
  redis.call('XADD', key(2, 4), '*', 'event', 'waiting', 'jobId', id)
else
  return 'finished'
end
redis.call('RENAME', from, to)
return 'moved'
`;
