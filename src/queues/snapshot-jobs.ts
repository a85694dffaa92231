import type { QueueName } from '../planning/queue-names.js';
import type { ListedJob, ListedJobs } from '../planning/snapshot.js';
import { describeParts, readPartsProgress } from './job-parts.js';
import { oneMessage } from '../shown-text.js';

/** How many jobs of each queue are listed in each state: a snapshot's size must not grow with a backlog. */
export const LISTED_PER_STATE = 20;

/**
 * States that are listed, in this order. Running jobs come from the workers' heartbeats,
 * those whose parts run from here.
 */
const LISTED_STATES = ['waiting', 'split', 'delayed', 'done', 'dead'] as const;

/** What is told of each job, in this order; `label` is taken out of its payload. */
const JOB_READINGS = [
  'id',
  'task',
  'enqueuedAt',
  'startedAt',
  'finishedAt',
  'attempts',
  'dueAt',
  'reason',
  'label',
  'progress',
] as const;

/** No more of a failure's reason is read. */
const REASON_CHARACTERS = 300;
/** A payload longer than this is not opened for its label. */
const PAYLOAD_BYTES = 8192;

/**
 * Defines `listJobs(p)`, for a queue's key prefix: for each of LISTED_STATES a list of JOB_READINGS,
 * the jobs that come next first, or those that ended last. A list's end is read by index and a
 * set's by rank, so a million jobs cost no more than twenty.
 */
export const listJobsLua = `
local function labelOf(data)
  if not data or #data > ${PAYLOAD_BYTES} then return '' end
  local ok, payload = pcall(cjson.decode, data)
  local label = ok and type(payload) == 'table' and payload.label
  return type(label) == 'string' and label or ''
end
local function listJobs(p)
  local last = ${LISTED_PER_STATE} - 1
  local function describe(ids, isDelayed)
    local jobs = {}
    for i, id in ipairs(ids) do
      local job = redis.call('HMGET', p .. id, 'name', 'timestamp', 'processedOn', 'finishedOn', 'atm', 'failedReason', 'data', 'progress')
      local score = isDelayed and redis.call('ZSCORE', p .. 'delayed', id)
      jobs[i] = {
        id, job[1] or '', job[2] or '', job[3] or '', job[4] or '', job[5] or '',
        score and string.format('%.0f', math.floor(score / 4096)) or '',
        string.sub(job[6] or '', 1, ${REASON_CHARACTERS}), labelOf(job[7]), job[8] or ''
      }
    end
    return jobs
  end
  local waiting = {}
  local tail = redis.call('LRANGE', p .. 'wait', -1 - last, -1)
  for i = #tail, 1, -1 do waiting[#waiting + 1] = tail[i] end
  local room = last - #waiting
  for _, id in ipairs(room >= 0 and redis.call('ZRANGE', p .. 'prioritized', 0, room) or {}) do
    waiting[#waiting + 1] = id
  end
  return {
    describe(waiting),
    describe(redis.call('ZRANGE', p .. 'waiting-children', 0, last)),
    describe(redis.call('ZRANGE', p .. 'delayed', 0, last), true),
    describe(redis.call('ZREVRANGE', p .. 'completed', 0, last)),
    describe(redis.call('ZREVRANGE', p .. 'failed', 0, last))
  }
end
`;

/** What `listJobs` gave for one queue. */
export type JobReadings = string[][][];

/** Puts the lists of all queues together, each state's most recent or next ones first. */
export function readListedJobs(
  queues: readonly { name: QueueName; jobs: JobReadings }[],
): ListedJobs {
  const listOf = (state: (typeof LISTED_STATES)[number]): ListedJob[] =>
    queues.flatMap(({ name, jobs }) =>
      (jobs[LISTED_STATES.indexOf(state)] ?? []).map((readings) => readJob(name, readings)),
    );
  return {
    waiting: listOf('waiting'),
    split: listOf('split'),
    delayed: listOf('delayed').sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0)),
    done: listOf('done').sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0)),
    dead: listOf('dead').sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0)),
  };
}

function readJob(queue: QueueName, readings: readonly string[]): ListedJob {
  const text = (reading: (typeof JOB_READINGS)[number]): string | undefined => {
    const found = readings[JOB_READINGS.indexOf(reading)];
    return found ? oneMessage(found) : undefined;
  };
  const number = (reading: (typeof JOB_READINGS)[number]): number | undefined => {
    const found = text(reading);
    return found === undefined ? undefined : Number(found);
  };
  const parts = readPartsProgress(JSON.parse(text('progress') ?? 'null'));
  return {
    id: text('id') ?? '',
    queue,
    task: text('task') ?? '',
    label: text('label'),
    enqueuedAt: number('enqueuedAt') ?? 0,
    startedAt: parts?.begunAt ?? number('startedAt'),
    finishedAt: number('finishedAt'),
    dueAt: number('dueAt'),
    attemptsMade: number('attempts') ?? 0,
    reason: text('reason'),
    progress: parts && describeParts(parts),
  };
}
