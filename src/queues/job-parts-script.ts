import { COMMAND_KEPT_SECONDS } from './worker-commands.js';

/**
 * What scripts do with parts: jobs that a whole job was split into, in BullMQ's layout of a flow.
 * The whole lies in `waiting-children`, its parts are named in its `:dependencies` and name it in
 * `parentKey`; what has become of them so far stands in its `progress`. A part that has ended leaves
 * no record: the whole tells of it. Follows `jobScriptHead`; wants BullMQ's `moveToFinished`.
 *
 * `wholeOf(queue, id)`: the key of the job that waits for this part, or nil.
 * `place(job key)`: number of its queue, also of one that this script was not given, and its id.
 * `bury(queue, id, reason, fields)`: makes a dead letter of a job that does not run, and drops its
 * parts. @returns whether it could.
 * `partEnded(whole, part)`: notes that one more is done; `part` is its record as `describePart` gave it.
 */
export const jobPartsLua = `
local function wholeOf(q, id)
  local whole = redis.call('HGET', prefix(q) .. id, 'parentKey')
  if not whole then return nil end
  return redis.call('SISMEMBER', whole .. ':dependencies', prefix(q) .. id) == 1 and whole or nil
end

local function place(job)
  local id = job:match('[^:]+$')
  local stem = job:sub(1, -#id - 1)
  for q = 1, #KEYS do
    if KEYS[q] == stem then return q, id end
  end
  KEYS[#KEYS + 1] = stem
  return #KEYS, id
end

-- Has the worker of a running part end it; what comes of it is nobody's any more.
local function endRunning(q, id)
  local job = prefix(q) .. id
  redis.call('HSET', job, 'dswCancelled', 1)
  local worker = redis.call('HGET', job, 'pb')
  if not worker then return end
  local commands = prefix(q):match('^(.*:)[^:]+:$') .. 'commands:' .. worker
  redis.call('RPUSH', commands, cjson.encode({ kind = 'cancel', jobId = id }))
  redis.call('EXPIRE', commands, ${COMMAND_KEPT_SECONDS})
end

local function dropParts(whole)
  local parts = redis.call('SMEMBERS', whole .. ':dependencies')
  redis.call('DEL', whole .. ':dependencies', whole .. ':processed')
  for _, part in ipairs(parts) do
    local q, id = place(part)
    if redis.call('EXISTS', part .. ':lock') == 1 then
      endRunning(q, id)
    else
      redis.call('LREM', key(q, 1), -1, id)
      redis.call('LREM', key(q, 2), 1, id)
      redis.call('ZREM', key(q, 3), id)
      redis.call('ZREM', key(q, 7), id)
      redis.call('DEL', part)
    end
  end
end

local function bury(q, id, reason, fields)
  local job = prefix(q) .. id
  local found = redis.call('LREM', key(q, 1), -1, id) + redis.call('ZREM', key(q, 7), id) +
    redis.call('ZREM', key(q, 3), id) + redis.call('ZREM', key(q, 16), id)
  if found == 0 then return false end
  dropParts(job)
  redis.call('LPUSH', key(q, 2), id)
  redis.call('SET', job .. ':lock', 'bury')
  local keys = {}
  for part = 1, 10 do keys[part] = key(q, part) end
  keys[11], keys[12], keys[13], keys[14] = key(q, 13), job, key(q, 15), key(q, 11)
  moveToFinished(keys, {
    id, now, 'failedReason', reason, 'failed', 0, prefix(q),
    { token = 'bury', keepJobs = { count = -1 }, lockDuration = 1000, attempts = 0, maxMetricsSize = '' },
    fields or {}
  })
  notify(q, id)
  return true
end

local function tellProgress(q, id, progress)
  local text = cjson.encode(progress)
  redis.call('HSET', prefix(q) .. id, 'progress', text)
  redis.call('XADD', key(q, 4), '*', 'event', 'progress', 'jobId', id, 'data', text)
end

local function describePart(q, id)
  local found = redis.call('HMGET', prefix(q) .. id, 'dswName', 'dswUnits')
  return { name = found[1] or id, units = tonumber(found[2] or 1) }
end

local function partEnded(whole, part)
  -- BullMQ keeps what each child returned: the documents store has it.
  redis.call('DEL', whole .. ':processed')
  local q, id = place(whole)
  local progress = cjson.decode(redis.call('HGET', whole, 'progress') or '{}')
  progress.done = (progress.done or 0) + part.units
  progress.readyAt = now
  tellProgress(q, id, progress)
  -- Its parts were taken in its turn: what is left to do does not go to the end.
  local priority = tonumber(redis.call('HGET', whole, 'priority') or 0)
  if priority > 0 then redis.call('ZADD', key(q, 3), 'XX', priority * 0x100000000, id) end
end

local function partFailed(whole, part, reason, fields)
  local q, id = place(whole)
  if not reason:find('page %d') then reason = part.name .. ': ' .. reason end
  bury(q, id, reason, fields)
end
`;

/**
 * Splits a running job: adds its parts where it was taken from, in their order, and has it wait for
 * them. Follows `jobPartsLua`; wants BullMQ's `addStandardJob`, `addPrioritizedJob` and
 * `moveToWaitingChildren`. `text` is a SplitOrder as JSON.
 */
export const splitLua = `
local function addPart(q, whole, id, priority, part, order)
  local ids, stem = prefix(q) .. 'id', prefix(q)
  local parent = { id = whole, queueKey = stem:sub(1, -2) }
  local args = {
    { stem, id, part.task, now, stem .. whole, stem .. whole .. ':dependencies', parent },
    part.data, { jobId = id, attempts = order.attempts, tm = order.trace }
  }
  local opts = args[3]
  if priority > 0 then
    opts.priority = priority
    addPrioritizedJob({
      key(q, 11), key(q, 9), ids, key(q, 3), key(q, 7), key(q, 12), key(q, 2), key(q, 4), key(q, 10)
    }, args)
    redis.call('ZADD', key(q, 3), 'XX', priority * 0x100000000, id)
  else
    opts.lifo = true
    addStandardJob({
      key(q, 1), key(q, 8), key(q, 9), ids, key(q, 12), key(q, 7), key(q, 2), key(q, 4), key(q, 11)
    }, args)
  end
  redis.call('HSET', stem .. id, 'dswName', part.name, 'dswUnits', part.units)
end

local function split(q, id, token, text, fields)
  local job = prefix(q) .. id
  local holder = redis.call('GET', job .. ':lock')
  if holder ~= token then return holder and -6 or -2 end
  redis.call('HSET', job, unpack(fields))
  local order = cjson.decode(text)
  local record = redis.call('HMGET', job, 'priority', 'processedOn')
  local round = redis.call('HINCRBY', job, 'dswRound', 1)
  for n = #order.parts, 1, -1 do
    local part = string.format('%s-%d-%03d', id, round, n)
    addPart(q, id, part, tonumber(record[1] or 0), order.parts[n], order)
  end
  tellProgress(q, id, {
    done = order.kept, kept = order.kept, total = order.total, unit = order.unit,
    begunAt = tonumber(record[2]), readyAt = now
  })
  return moveToWaitingChildren({
    key(q, 2), key(q, 16), job, job .. ':dependencies', job .. ':unsuccessful', key(q, 5), key(q, 4)
  }, { token, '', now, id, prefix(q) })
end
`;
