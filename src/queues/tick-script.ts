import { addStandardJob } from 'bullmq/dist/cjs/scripts/addStandardJob-9.js';
import { composeScript } from './compose-script.js';

/** Parts of the target queue's key space that the script is given after lease and ticks. */
export const TICK_KEY_PARTS = [
  'wait',
  'paused',
  'meta',
  'id',
  'completed',
  'delayed',
  'active',
  'events',
  'marker',
] as const;

/**
 * Enqueues the job of one tick, if the caller still holds the lease and the tick is newer than the
 * last one of its schedule: lease, record and enqueue are one atomic step.
 *
 * KEYS: lease, ticks hash, TICK_KEY_PARTS of the queue.
 * ARGV: lease token, schedule, due (ms), key prefix, job id, task, now (ms), payload, attempts.
 * Reply: job id, 'fenced' or 'stale'.
 */
export const tickScript = composeScript(
  [addStandardJob],
  `
local token, schedule, due = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('GET', KEYS[1]) ~= token then return 'fenced' end
local last = redis.call('HGET', KEYS[2], schedule)
if last and tonumber(last) >= due then return 'stale' end
local keys = {}
for i = 3, #KEYS do keys[i - 2] = KEYS[i] end
local id = addStandardJob(keys, {
  { ARGV[4], ARGV[5], ARGV[6], ARGV[7] }, ARGV[8], { attempts = tonumber(ARGV[9]), jobId = ARGV[5] }
})
redis.call('HSET', KEYS[2], schedule, ARGV[3])
return id
`,
);
