import { DswError } from '../errors.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import { JOB_STATES, type JobFilter, type JobState } from '../queues/job-listing.js';

/** What the flags of `dsw jobs list` ask for. */
export function readJobFilter(flags: {
  state?: string[];
  queue?: string[];
  task?: string;
  error?: string;
  olderThan?: number;
  limit: number;
}): JobFilter {
  return {
    states: flags.state?.map(readState) ?? JOB_STATES,
    queues: flags.queue?.map((name) => oneOf('--queue', name, QUEUE_NAMES)) ?? QUEUE_NAMES,
    ...(flags.task === undefined ? {} : { task: flags.task }),
    ...(flags.error === undefined ? {} : { error: flags.error }),
    ...(flags.olderThan === undefined ? {} : { olderThanSeconds: flags.olderThan }),
    limit: flags.limit,
  };
}

/** "done" is what people say. */
function readState(name: string): JobState {
  return oneOf('--state', name === 'done' ? 'completed' : name, JOB_STATES);
}

function oneOf<Name extends string>(flag: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new DswError('usage', `${flag}: expected one of ${known.join(', ')}, got "${given}"`);
}
