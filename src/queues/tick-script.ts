import { addStandardJob } from 'bullmq/dist/cjs/scripts/addStandardJob-9.js';
import { composeScript } from './compose-script.js';

/** Parts of the target queue's key space that the scripts are given after the beat's keys. */
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
 * KEYS: lease, ticks, runs, paused, revision, then TICK_KEY_PARTS of the queue. ARGV[1] to [8]:
 * schedule, due (ms), key prefix of the queue, job id, task, payload, attempts, trace ('': none).
 * Everything is judged by Redis's clock.
 */
const head = `
local schedule, due, prefix, jobId = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function enqueue()
  local keys = {}
  for i = 6, #KEYS do keys[i - 5] = KEYS[i] end
  local opts = { attempts = tonumber(ARGV[7]), jobId = jobId }
  if ARGV[8] ~= '' then opts.tm = ARGV[8] end
  addStandardJob(keys, { { prefix, jobId, ARGV[5], now }, ARGV[6], opts })
  redis.call('HSET', KEYS[3], schedule, string.format('%.0f %s %s %s', now, due, prefix, jobId))
end
`;

/**
 * Settles one tick, if the caller still holds the lease and the tick is newer than the last one of
 * its schedule: lease, record and enqueue are one atomic step, which an append-only file also holds
 * or loses as one. Without a job id the tick is only recorded.
 *
 * ARGV[9]: lease token; [10]: when the tick may be sent (ms); [11]: the revision that follows.
 * Reply: { 'sent', 'fenced', 'stale', 'early' or 'paused'; the revision before }.
 */
export const tickScript = composeScript(
  [addStandardJob],
  `${head}
local revision = redis.call('GET', KEYS[5]) or ''
if redis.call('GET', KEYS[1]) ~= ARGV[9] then return { 'fenced', revision } end
local last = redis.call('HGET', KEYS[2], schedule)
if last and tonumber(last) >= tonumber(due) then
  -- Sent twice after a lost reply: it was this very call that enqueued it.
  local run = redis.call('HGET', KEYS[3], schedule)
  local own = jobId ~= '' and run and run:sub(-#jobId) == jobId
  return { own and 'sent' or 'stale', revision }
end
if now < tonumber(ARGV[10]) then return { 'early', revision } end
if redis.call('SISMEMBER', KEYS[4], schedule) == 1 then return { 'paused', revision } end
if jobId ~= '' then enqueue() end
redis.call('HSET', KEYS[2], schedule, due)
redis.call('SET', KEYS[5], ARGV[11])
return { 'sent', revision }
`,
);

/** Enqueues a job of a schedule that a person asked for; its ticks go on as if nothing was. */
export const runScript = composeScript(
  [addStandardJob],
  `${head}
local run = redis.call('HGET', KEYS[3], schedule)
due = run and run:match('^%S+ (%S+)') or '0'
enqueue()
return jobId
`,
);
