import { listJobsLua } from './snapshot-jobs.js';

/** What is counted of each queue, in this order. */
export const QUEUE_READINGS = [
  'waiting',
  'running',
  'delayed',
  'dead',
  'done',
  'enqueued',
  'paused',
  'oldestAt',
] as const;

/** Keys that the script is given before the queues' prefixes. */
const SNAPSHOT_KEYS = 9;

/**
 * Reads the whole state in one step. Its cost grows with the number of workers and schedules, never
 * with the length of a queue: no key is searched for and no list read in full.
 * KEYS: workers, beats, lease, stem of the flow buckets, schedules, ticks, paused and runs of the
 * beat, supervisors, then for each queue its key prefix.
 * ARGV: first minute and first hour wanted (numbers since the epoch).
 * Reply: { now (ms), workers, beats, lease, one list of QUEUE_READINGS for each queue,
 *          one of listed jobs for each queue, { minute number, hash, … }, { hour number, hash, … },
 *          { schedules, ticks, paused, runs, { schedule, state of its last job, … } }, supervisors }.
 */
export const snapshotScript = `${listJobsLua}
local clock = redis.call('TIME')
local seconds = tonumber(clock[1])
local queues, jobs = {}, {}
local function readyAt(job)
  local times = redis.call('HMGET', job, 'dswReadyAt', 'timestamp')
  return times[1] or times[2] or ''
end
for i = ${SNAPSHOT_KEYS + 1}, #KEYS do
  local p = KEYS[i]
  local waiting = redis.call('LLEN', p .. 'wait')
  local oldest = redis.call('LINDEX', p .. 'wait', -1)
  queues[#queues + 1] = {
    waiting + redis.call('ZCARD', p .. 'prioritized'),
    redis.call('LLEN', p .. 'active'),
    redis.call('ZCARD', p .. 'delayed'),
    redis.call('ZCARD', p .. 'failed'),
    redis.call('ZCARD', p .. 'completed'),
    redis.call('GET', p .. 'id') or 0,
    redis.call('HEXISTS', p .. 'meta', 'paused'),
    oldest and readyAt(p .. oldest) or ''
  }
  jobs[#jobs + 1] = listJobs(p)
end
local runs, results = redis.call('HGETALL', KEYS[8]), {}
for i = 2, #runs, 2 do
  local p, id = runs[i]:match('^%S+ %S+ (%S+) (%S+)$')
  local state = 'waiting'
  if redis.call('ZSCORE', p .. 'completed', id) then state = 'done'
  elseif redis.call('ZSCORE', p .. 'failed', id) then state = 'dead'
  elseif redis.call('EXISTS', p .. id .. ':lock') == 1 then state = 'running'
  elseif redis.call('EXISTS', p .. id) == 0 then state = 'removed' end
  results[#results + 1] = runs[i - 1]
  results[#results + 1] = state
end
local function flow(unit, length, first)
  local last = math.floor(seconds / length)
  local found = {}
  for number = math.max(first, last - 60), last do
    found[#found + 1] = number
    found[#found + 1] = redis.call('HGETALL', KEYS[4] .. unit .. ':' .. number)
  end
  return found
end
return {
  string.format('%.0f', seconds * 1000 + math.floor(clock[2] / 1000)),
  redis.call('HGETALL', KEYS[1]),
  redis.call('HGETALL', KEYS[2]),
  redis.call('GET', KEYS[3]) or '',
  queues,
  jobs,
  flow('minute', 60, tonumber(ARGV[1])),
  flow('hour', 3600, tonumber(ARGV[2])),
  {
    redis.call('HGETALL', KEYS[5]),
    redis.call('HGETALL', KEYS[6]),
    redis.call('SMEMBERS', KEYS[7]),
    runs,
    results
  },
  redis.call('HGETALL', KEYS[9])
}
`;
