import { jobScriptHead } from './ownership-script.js';

/** A request to recover jobs that took longer than this on its way is void. */
const STALE_REQUEST_MS = 1500;

/**
 * Renews leases, or takes them back. ARGV: lease (ms), then queue number, id and
 * token of each job. Reply: for each job 1 when it is ours, 0 when it is not, -1 when there is no
 * record of it any more.
 */
export const renewScript = `${jobScriptHead}
local lease, kept = ARGV[1], {}
for at = 2, #ARGV, 3 do
  local q, id = tonumber(ARGV[at]), ARGV[at + 1]
  kept[#kept + 1] = own(q, id, ARGV[at + 2], lease) and 1 or redis.call('EXISTS', prefix(q) .. id) - 1
end
return kept
`;

/**
 * Finds jobs that are leased to a worker which does not know of them: the reply that brought them
 * got lost on the way. Leases among them that lapsed are given again. ARGV: lease
 * (ms), worker name, then queue number and id of each job that it knows. By id, since an exchange that is sent again after a lost
 * reply takes other jobs under the same tokens.
 * Reply: { queue number, token, id, record } for each.
 */
export const reclaimScript = `${jobScriptHead}
local lease, worker, known, found = ARGV[1], ARGV[2], {}, {}
for at = 3, #ARGV, 2 do known[ARGV[at] .. ' ' .. ARGV[at + 1]] = true end
for q = 1, queues do
  for _, id in ipairs(redis.call('LRANGE', key(q, 2), 0, -1)) do
    local job = prefix(q) .. id
    if not known[q .. ' ' .. id] and redis.call('HGET', job, 'pb') == worker then
      local token = redis.call('GET', job .. ':lock') or (worker .. ':again:' .. now)
      own(q, id, token, lease)
      found[#found + 1] = { q, token, id, redis.call('HGETALL', job) }
    end
  end
end
return found
`;

/**
 * Puts jobs whose lease ran out back to the front of their queue. BullMQ's own check needs two
 * rounds, since it allows for jobs that are active before they are locked; leased by an exchange
 * they never are, so one look is enough.
 *
 * Each such job cost its worker's life, or went down with it. One that ran alone is to blame; one
 * of several is only suspected, and runs alone from now on (field dswDeaths, field dswAlone; what
 * they were before is kept, should the worker turn out to be alive).
 *
 * A worker's own jobs are not dead, since it is not: it takes their leases back. Nor does a request
 * count that was under way for long: after an outage the others come first to do the same.
 * ARGV: how long (ms) no other worker needs to look, the asking worker's name,
 * when it asked (ms, Redis's clock as it knows it). Reply: { { queue number, worker that is gone, id,
 * record as it was, deaths } for each, queue number and id of each of the worker's own whose lease ran out }.
 */
export const recoverScript = `${jobScriptHead}
local recovered, lapsed, worker = {}, {}, ARGV[2]
if now - tonumber(ARGV[3]) > ${STALE_REQUEST_MS} then return { recovered, lapsed } end
for q = 1, queues do
  local mine = redis.call('SET', prefix(q) .. 'dsw-recover', now, 'NX', 'PX', ARGV[1])
  for _, id in ipairs(mine and redis.call('LRANGE', key(q, 2), 0, -1) or {}) do
    local job = prefix(q) .. id
    local gone = redis.call('EXISTS', job .. ':lock') == 0 and (redis.call('HGET', job, 'pb') or '')
    if gone == worker then
      lapsed[#lapsed + 1] = { q, id }
    elseif gone then
      redis.call('LREM', key(q, 2), 1, id)
      redis.call('SREM', key(q, 5), id)
      if redis.call('EXISTS', job) == 1 then
        local record = redis.call('HGETALL', job)
        local before = tonumber(redis.call('HGET', job, 'dswDeaths') or 0)
        local alone = redis.call('HDEL', job, 'dswAlone')
        local deaths = math.max(1, before + alone)
        redis.call(
          'HSET', job, 'dswDeaths', deaths, 'dswDeathsBefore', before, 'dswAloneBefore', alone, 'dswReadyAt', now
        )
        redis.call('HINCRBY', job, 'stc', 1)
        redis.call('RPUSH', key(q, 1), id)
        redis.call('ZADD', key(q, 11), 0, '0')
        redis.call('XADD', key(q, 4), '*', 'event', 'stalled', 'jobId', id)
        redis.call('XADD', key(q, 4), '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
        recovered[#recovered + 1] = { q, gone, id, record, deaths }
      end
    end
  end
end
return { recovered, lapsed }
`;
