import { addDelayedJob } from 'bullmq/dist/cjs/scripts/addDelayedJob-6.js';
import { addPrioritizedJob } from 'bullmq/dist/cjs/scripts/addPrioritizedJob-9.js';
import { addStandardJob } from 'bullmq/dist/cjs/scripts/addStandardJob-9.js';
import { composeScript } from './compose-script.js';
import { flowNotesLua } from './flow-notes.js';
import { jobScriptHead } from './ownership-script.js';

/**
 * Enqueues jobs, all or none, in one atomic step. A job whose id is on record in any queue stays as
 * it is; no queue grows beyond its bound; a job whose document is being removed is refused.
 *
 * ARGV: bound on waiting jobs (-1: none), key of the documents being removed, stem of the history's
 * buckets, then for each job:
 * queue number, id, task, payload, attempts, delay (ms), priority, document id, webhook, trace (of
 * the last three, '': none).
 * Reply: { 'done' }, { 'full', queue number, waiting jobs } or { 'removed', document id }.
 */
export const enqueueScript = composeScript(
  [addStandardJob, addPrioritizedJob, addDelayedJob],
  `${jobScriptHead}${flowNotesLua}
local bound, removals, history, fresh, more = tonumber(ARGV[1]), ARGV[2], ARGV[3], {}, {}

local function known(id)
  for q = 1, queues do
    if redis.call('EXISTS', prefix(q) .. id) == 1 then return true end
  end
  return false
end

for at = 4, #ARGV, 10 do
  if not known(ARGV[at + 1]) then
    local q, document = tonumber(ARGV[at]), ARGV[at + 7]
    if document ~= '' and redis.call('ZSCORE', removals, document) then return { 'removed', document } end
    fresh[#fresh + 1] = at
    more[q] = (more[q] or 0) + 1
  end
end
for q, count in pairs(more) do
  local waiting = redis.call('LLEN', key(q, 1)) + redis.call('LLEN', key(q, 8)) + redis.call('ZCARD', key(q, 3))
  if bound >= 0 and waiting + count > bound then return { 'full', q, waiting } end
end

-- What came before the first worker counts as having come, too.
for _, unit in ipairs({ 'minute', 'hour' }) do flowBucket(history, unit, KEYS, now) end
for _, at in ipairs(fresh) do
  local q, delay, priority = tonumber(ARGV[at]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  local ids = prefix(q) .. 'id'
  local opts = { jobId = ARGV[at + 1], attempts = tonumber(ARGV[at + 4]) }
  if priority > 0 then opts.priority = priority end
  if delay > 0 then opts.delay = delay end
  if ARGV[at + 9] ~= '' then opts.tm = ARGV[at + 9] end
  local args = { { prefix(q), ARGV[at + 1], ARGV[at + 2], now }, ARGV[at + 3], opts }
  if delay > 0 then
    addDelayedJob({ key(q, 11), key(q, 9), ids, key(q, 7), key(q, 12), key(q, 4) }, args)
    redis.call('HSET', prefix(q) .. ARGV[at + 1], 'dswReadyAt', now + delay)
  elseif priority > 0 then
    addPrioritizedJob({
      key(q, 11), key(q, 9), ids, key(q, 3), key(q, 7), key(q, 12), key(q, 2), key(q, 4), key(q, 10)
    }, args)
  else
    addStandardJob({
      key(q, 1), key(q, 8), key(q, 9), ids, key(q, 12), key(q, 7), key(q, 2), key(q, 4), key(q, 11)
    }, args)
  end
  if ARGV[at + 8] ~= '' then redis.call('HSET', prefix(q) .. ARGV[at + 1], 'dswWebhook', ARGV[at + 8]) end
end
return { 'done' }
`,
);
