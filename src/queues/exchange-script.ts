import { moveToActive } from 'bullmq/dist/cjs/scripts/moveToActive-11.js';
import { moveToFinished } from 'bullmq/dist/cjs/scripts/moveToFinished-14.js';
import { composeScript } from './compose-script.js';

/** Parts of a queue's key space that the script is given, in this order, for each queue. */
export const EXCHANGE_KEY_PARTS = [
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
] as const;

/**
 * Records finished jobs and leases the next ones in one atomic step: the order over queues holds
 * at the very moment of the fetch, and a busy slot costs one round trip a job.
 *
 * KEYS: EXCHANGE_KEY_PARTS for each queue, most urgent first.
 * ARGV: lease (ms), worker name, jobs wanted, token stem, then for each queue its key prefix, then
 * for each finished job: queue number, id, token, 'completed' or 'failed', value, and field–value
 * pairs as JSON for its record ('' for none). The clock is Redis's own, one for all workers.
 *
 * Reply: { codes of the finished jobs, { queue number, token, id, record } for each job taken,
 * earliest time at which a delayed job falls due, or 0 }.
 */
export const exchangeScript = composeScript(
  [moveToFinished, moveToActive],
  `
local PARTS = ${EXCHANGE_KEY_PARTS.length}
local lease, worker, wanted, stem = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
local queues = #KEYS / PARTS
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function keysOf(queue, parts)
  local keys = {}
  for i = 1, parts do keys[i] = KEYS[(queue - 1) * PARTS + i] end
  return keys
end

local codes = {}
for at = 5 + queues, #ARGV, 6 do
  local queue, id, token, target, value, fields =
    tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local keys = keysOf(queue, 10)
  local prefix = ARGV[4 + queue]
  local base = (queue - 1) * PARTS
  local done = target == 'completed'
  keys[11] = KEYS[base + (done and 12 or 13)]
  keys[12] = prefix .. id
  keys[13] = KEYS[base + (done and 14 or 15)]
  keys[14] = KEYS[base + 11]
  local code = moveToFinished(keys, {
    id, now, done and 'returnvalue' or 'failedReason', value, target, 0, prefix,
    { token = token, keepJobs = { count = -1 }, lockDuration = lease, attempts = 0, maxMetricsSize = '' },
    fields ~= '' and cjson.decode(fields) or nil
  })
  codes[#codes + 1] = type(code) == 'number' and code or 0
end

local taken = {}
local nextDelayed = 0
for queue = 1, queues do
  if #taken >= wanted then break end
  local keys = keysOf(queue, 11)
  local prefix = ARGV[4 + queue]
  while #taken < wanted do
    local token = stem .. (#taken + 1)
    local reply = moveToActive(keys, { prefix, now, { token = token, lockDuration = lease, name = worker } })
    if reply[1] == 0 then
      local due = reply[4]
      if due > 0 and (nextDelayed == 0 or due < nextDelayed) then nextDelayed = due end
      break
    end
    taken[#taken + 1] = { queue, token, reply[2], reply[1] }
  end
end
return { codes, taken, nextDelayed }
`,
);
