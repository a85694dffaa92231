import { STATES_FOR, type JobAction } from '../client/job-desk.js';
import { DswError } from '../errors.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import { JOB_STATES, type JobState } from '../queues/job-record.js';
import type { JobFilter } from '../queues/job-selection.js';

/** The flags that say which jobs are meant. */
export interface FilterFlags {
  state?: string[];
  queue?: string[];
  task?: string;
  error?: string;
  olderThan?: number;
}

/** What the flags ask for. */
export function readJobFilter(flags: FilterFlags): JobFilter {
  return {
    states: flags.state?.map((name) => oneOf('--state', name, JOB_STATES)) ?? JOB_STATES,
    queues: flags.queue?.map((name) => oneOf('--queue', name, QUEUE_NAMES)) ?? QUEUE_NAMES,
    ...(flags.task === undefined ? {} : { task: flags.task }),
    ...(flags.error === undefined ? {} : { error: flags.error }),
    ...(flags.olderThan === undefined ? {} : { olderThanSeconds: flags.olderThan }),
  };
}

/**
 * The jobs that an action is to be done to: those named, or those that the flags mean.
 * @throws DswError `usage` when neither says which, when both do, or a state does not go with it.
 */
export function readTargets(
  ids: readonly string[],
  action: JobAction,
  flags: FilterFlags,
): JobFilter | undefined {
  const { state, queue, task, error, olderThan } = flags;
  const filtered = [state, queue, task, error, olderThan].some((flag) => flag !== undefined);
  if (filtered === ids.length > 0) {
    const got = filtered ? 'both' : 'neither';
    throw new DswError('usage', `${action.kind}: expected job ids or a filter, got ${got}`, {
      hint: 'A filter is made of --state, --queue, --task, --error and --older-than.',
    });
  }
  if (!filtered) return undefined;
  const possible = STATES_FOR[action.kind];
  const filter = readJobFilter({ ...flags, state: state ?? defaultStates(action) });
  const odd = filter.states.find((name) => !possible.includes(name));
  if (odd !== undefined) throw wrongState(action, odd, possible);
  if (action.kind !== 'move') return filter;
  return { ...filter, queues: filter.queues.filter((name) => name !== action.to) };
}

/** A delayed job waits for its next try by itself: it has to be asked for. */
function defaultStates(action: JobAction): string[] {
  return action.kind === 'retry' ? ['dead'] : [...STATES_FOR[action.kind]];
}

function wrongState({ kind }: JobAction, state: JobState, possible: readonly string[]): DswError {
  return new DswError(
    'usage',
    `${kind} --state: expected some of ${possible.join(', ')}, got "${state}"`,
  );
}

function oneOf<Name extends string>(flag: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new DswError('usage', `${flag}: expected one of ${known.join(', ')}, got "${given}"`);
}
