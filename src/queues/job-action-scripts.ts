import { moveToFinished } from 'bullmq/dist/cjs/scripts/moveToFinished-14.js';
import { composeScript } from './compose-script.js';
import { jobPartsLua } from './job-parts-script.js';
import { jobScriptHead } from './ownership-script.js';

/**
 * Makes a dead letter of a job that has yet to run, or whose parts run, and marks one that runs, so
 * that it does not run again should its worker die before it hears of it. With a part, the job that
 * it is a part of ends. KEYS: its queue's key prefix. ARGV: id, reason. Reply: 'cancelled',
 * 'running', 'finished' or 'missing'.
 */
export const cancelScript = composeScript(
  [moveToFinished],
  `${jobScriptHead}${jobPartsLua}
local q, id, reason = 1, ARGV[1], ARGV[2]
if redis.call('EXISTS', prefix(q) .. id) == 0 then return 'missing' end
local whole = wholeOf(q, id)
if whole then q, id = place(whole) end
if redis.call('EXISTS', prefix(q) .. id .. ':lock') == 1 then
  redis.call('HSET', prefix(q) .. id, 'dswCancelled', 1)
  return 'running'
end
return bury(q, id, reason) and 'cancelled' or 'finished'
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
if redis.call('EXISTS', from .. ':lock') == 1 or redis.call('ZSCORE', key(1, 16), id) then return 'running' end
local score = redis.call('ZSCORE', key(1, 7), id)
if score then
  redis.call('ZREM', key(1, 7), id)
  redis.call('ZADD', key(2, 7), score, id)
  redis.call('ZADD', key(2, 11), math.floor(score / 4096), '1')
elseif redis.call('LREM', key(1, 1), -1, id) + redis.call('ZREM', key(1, 3), id) > 0 then
  redis.call('LPUSH', key(2, 1), id)
  redis.call('ZADD', key(2, 11), 0, '0')
  redis.call('XADD', key(2, 4), '*', 'event', 'waiting', 'jobId', id)
else
  return 'finished'
end
redis.call('RENAME', from, to)
local whole = redis.call('HGET', to, 'parentKey')
if whole and redis.call('SREM', whole .. ':dependencies', from) == 1 then
  redis.call('SADD', whole .. ':dependencies', to)
end
return 'moved'
`;
