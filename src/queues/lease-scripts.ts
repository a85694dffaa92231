import { jobScriptHead } from './ownership-script.js';

/**
 * Renews leases, or takes them back. ARGV after the prefixes: lease (ms), then queue number, id and
 * token of each job. Reply: for each job 1 when it is ours, else 0.
 */
export const renewScript = `${jobScriptHead}
local lease, kept = ARGV[queues + 1], {}
for at = queues + 2, #ARGV, 3 do
  kept[#kept + 1] = own(tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], lease) and 1 or 0
end
return kept
`;

/**
 * Finds jobs that are leased to a worker which does not know of them: the reply that brought them
 * got lost on the way. ARGV after the prefixes: worker name, then the ids it knows. By id, since an
 * exchange that is sent again after a lost reply takes other jobs under the same tokens.
 * Reply: { queue number, token, id, record } for each.
 */
export const reclaimScript = `${jobScriptHead}
local stem, known, found = ARGV[queues + 1] .. ':', {}, {}
for at = queues + 2, #ARGV do known[ARGV[at]] = true end
for q = 1, queues do
  for _, id in ipairs(redis.call('LRANGE', key(q, 2), 0, -1)) do
    local token = redis.call('GET', prefix(q) .. id .. ':lock')
    if token and token:sub(1, #stem) == stem and not known[id] then
      found[#found + 1] = { q, token, id, redis.call('HGETALL', prefix(q) .. id) }
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
 * of several is only suspected, and runs alone from now on (field dswDeaths, field dswAlone).
 * ARGV after the prefixes: how long (ms) no other worker needs to look. Reply: { queue number, id, deaths } for each.
 */
export const recoverScript = `${jobScriptHead}
local recovered = {}
for q = 1, queues do
  local mine = redis.call('SET', prefix(q) .. 'dsw-recover', now, 'NX', 'PX', ARGV[queues + 1])
  for _, id in ipairs(mine and redis.call('LRANGE', key(q, 2), 0, -1) or {}) do
    local job = prefix(q) .. id
    if redis.call('EXISTS', job .. ':lock') == 0 then
      redis.call('LREM', key(q, 2), 1, id)
      redis.call('SREM', key(q, 5), id)
      if redis.call('EXISTS', job) == 1 then
        local deaths = tonumber(redis.call('HGET', job, 'dswDeaths') or 0)
        if redis.call('HDEL', job, 'dswAlone') == 1 then deaths = deaths + 1 end
        if deaths == 0 then deaths = 1 end
        redis.call('HSET', job, 'dswDeaths', deaths)
        redis.call('HINCRBY', job, 'stc', 1)
        redis.call('RPUSH', key(q, 1), id)
        redis.call('ZADD', key(q, 11), 0, '0')
        redis.call('XADD', key(q, 4), '*', 'event', 'stalled', 'jobId', id)
        redis.call('XADD', key(q, 4), '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
        recovered[#recovered + 1] = { q, id, deaths }
      end
    end
  end
end
return recovered
`;
