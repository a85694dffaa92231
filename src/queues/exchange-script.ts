import { addPrioritizedJob } from 'bullmq/dist/cjs/scripts/addPrioritizedJob-9.js';
import { addStandardJob } from 'bullmq/dist/cjs/scripts/addStandardJob-9.js';
import { moveJobFromActiveToWait } from 'bullmq/dist/cjs/scripts/moveJobFromActiveToWait-9.js';
import { moveToActive } from 'bullmq/dist/cjs/scripts/moveToActive-11.js';
import { moveToDelayed } from 'bullmq/dist/cjs/scripts/moveToDelayed-11.js';
import { moveToFinished } from 'bullmq/dist/cjs/scripts/moveToFinished-14.js';
import { moveToWaitingChildren } from 'bullmq/dist/cjs/scripts/moveToWaitingChildren-7.js';
import { composeScript } from './compose-script.js';
import { jobPartsLua, splitLua } from './job-parts-script.js';
import { jobScriptHead } from './ownership-script.js';

/**
 * Settles jobs and leases the next ones in one atomic step: the order over queues holds at the very
 * moment of the fetch, and a busy slot costs one round trip a job.
 *
 * ARGV: lease (ms), worker name, token stem, jobs wanted, key of the poison list,
 * then for each job wanted the number of the queue to try first, then for each settled job: queue number, id, token, outcome
 * (completed, failed, retry, back, interrupted, split), value (result, reason, SplitOrder as JSON), delay (ms), fields for its record (JSON).
 *
 * Sending it twice does no harm to what is settled: a job remembers the token that settled it.
 *
 * Reply: { a code for each settled job, negative when it was not ours,
 *          { queue number, token, id, record } for each job taken,
 *          time (ms) at which the next delayed job falls due, or 0,
 *          entries of the poison list }.
 */
export const exchangeScript = composeScript(
  [
    moveToFinished,
    moveToDelayed,
    moveJobFromActiveToWait,
    moveToActive,
    moveToWaitingChildren,
    addStandardJob,
    addPrioritizedJob,
  ],
  `${jobScriptHead}${jobPartsLua}${splitLua}
local lease, worker, stem, wanted = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])

local function finish(q, id, token, outcome, value, fields)
  local done = outcome == 'completed'
  local isPart = redis.call('HEXISTS', prefix(q) .. id, 'parentKey') == 1
  local whole, part = isPart and wholeOf(q, id), isPart and describePart(q, id)
  local keys = {}
  for part = 1, 10 do keys[part] = key(q, part) end
  keys[11], keys[12] = key(q, done and 12 or 13), prefix(q) .. id
  keys[13], keys[14] = key(q, done and 14 or 15), key(q, 11)
  local code = moveToFinished(keys, {
    id, now, done and 'returnvalue' or 'failedReason', value, outcome, 0, prefix(q),
    { token = token, keepJobs = { count = isPart and 0 or -1 }, lockDuration = lease, attempts = 0, maxMetricsSize = '' },
    fields
  })
  if type(code) == 'number' and code < 0 then return code end
  notify(q, id)
  if whole and done then partEnded(whole, part)
  elseif whole then partFailed(whole, part, value, fields) end
  return code
end

local function delay(q, id, token, ms, fields)
  local keys = {
    key(q, 11), key(q, 2), key(q, 3), key(q, 7), prefix(q) .. id, key(q, 4),
    key(q, 9), key(q, 5), key(q, 1), key(q, 6), key(q, 10)
  }
  fields[#fields + 1] = 'dswReadyAt'
  fields[#fields + 1] = now + ms
  return moveToDelayed(keys, { prefix(q), now, id, token, ms, '0', fields, 0 })
end

local function putBack(q, id, token)
  local keys = {
    key(q, 2), key(q, 1), key(q, 5), key(q, 8), key(q, 9), key(q, 6), key(q, 3), key(q, 11), key(q, 4)
  }
  return moveJobFromActiveToWait(keys, { id, token, prefix(q) .. id })
end

local function settleOnce(q, id, token, outcome, value, ms, fields)
  if outcome == 'back' then return putBack(q, id, token) end
  if outcome == 'interrupted' then
    local code = putBack(q, id, token)
    if code >= 0 then redis.call('HSET', prefix(q) .. id, 'dswReadyAt', now) end
    return code
  end
  if outcome == 'retry' then return delay(q, id, token, ms, fields) end
  if outcome == 'split' then
    if redis.call('HEXISTS', prefix(q) .. id, 'dswCancelled') == 0 then return split(q, id, token, value, fields) end
    outcome, value = 'failed', 'cancelled'
  end
  return finish(q, id, token, outcome, value, fields)
end

local function settle(q, id, token, outcome, value, ms, json)
  local fields = json ~= '' and cjson.decode(json) or {}
  fields[#fields + 1] = 'settledBy'
  fields[#fields + 1] = token
  local code = settleOnce(q, id, token, outcome, value, ms, fields)
  if type(code) ~= 'number' or code >= 0 then return 0 end
  if redis.call('HGET', prefix(q) .. id, 'settledBy') == token then return 0 end
  if code == -2 and own(q, id, token, lease) then
    code = settleOnce(q, id, token, outcome, value, ms, fields)
  end
  return type(code) == 'number' and code or 0
end

local codes = {}
for at = 6 + wanted, #ARGV, 7 do
  codes[#codes + 1] =
    settle(tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6])
end

local taken, empty, nextDelayed = {}, {}, 0

local function take(q)
  if empty[q] then return false end
  -- All there is to know of most queues at most times, for one command instead of seven.
  if redis.call('EXISTS', key(q, 1), key(q, 3), key(q, 7)) == 0 then
    empty[q] = true
    return false
  end
  local keys = {}
  for part = 1, 11 do keys[part] = key(q, part) end
  local token = stem .. (#taken + 1)
  local reply = moveToActive(keys, { prefix(q), now, { token = token, lockDuration = lease, name = worker } })
  if reply[1] ~= 0 then
    taken[#taken + 1] = { q, token, reply[2], reply[1] }
    return true
  end
  empty[q] = true
  if reply[4] > 0 and (nextDelayed == 0 or reply[4] < nextDelayed) then nextDelayed = reply[4] end
  return false
end

for i = 1, wanted do
  local found = take(tonumber(ARGV[5 + i]))
  for q = 1, queues do
    if found then break end
    found = take(q)
  end
  if not found then break end
end
return { codes, taken, nextDelayed, redis.call('HLEN', ARGV[5]) }
`,
);
