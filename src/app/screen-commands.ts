import type { QueueName } from '../planning/queue-names.js';
import type { ActionOutcome } from '../queues/job-actions.js';
import type { Command } from '../top/state.js';

interface System {
  redisUrl: string;
  prefix: string;
}

/**
 * Does what a key on the live screen asked for. What it takes is loaded when it is asked for.
 * @returns what became of it, in one line.
 * @throws DswError `unavailable` when Redis does not answer.
 */
export async function carryOut(command: Command, system: System): Promise<string> {
  switch (command.kind) {
    case 'pause':
    case 'resume':
      return await setPaused(command.queues as QueueName[], command.kind, system);
    case 'drain':
      return await drain(command.workers, system);
    case 'retry':
    case 'discard':
      return await actOnJobs(command.jobs, command.kind, system);
  }
}

async function setPaused(
  queues: readonly QueueName[],
  kind: 'pause' | 'resume',
  { redisUrl, prefix }: System,
): Promise<string> {
  const { QueueDesk } = await import('../client/queue-desk.js');
  const desk = await QueueDesk.open(redisUrl, prefix);
  try {
    for (const queue of queues) await desk[kind](queue);
  } finally {
    await desk.close();
  }
  return `${kind === 'pause' ? 'paused' : 'resumed'} ${queues.join(', ')}`;
}

async function drain(workers: readonly string[], { redisUrl, prefix }: System): Promise<string> {
  const { WorkerDesk } = await import('../client/worker-desk.js');
  const desk = await WorkerDesk.open(redisUrl, prefix);
  try {
    const told = await desk.tell({ kind: 'drain' }, workers);
    return told.length === 0
      ? 'none of them runs any more'
      : `told ${told.join(', ')} to drain: within a heartbeat`;
  } finally {
    await desk.close();
  }
}

async function actOnJobs(
  ids: readonly string[],
  kind: 'retry' | 'discard',
  { redisUrl, prefix }: System,
): Promise<string> {
  const { JobDesk } = await import('../client/job-desk.js');
  const desk = await JobDesk.open(redisUrl, prefix);
  const outcomes: ActionOutcome[] = [];
  try {
    for (const id of ids) outcomes.push(await desk.act(id, { kind }));
  } finally {
    await desk.close();
  }
  const done = outcomes.filter((outcome) => outcome === 'applied').length;
  const what = kind === 'retry' ? 'put back to wait' : 'discarded';
  const others = outcomes.length - done;
  return `${what}: ${done}${others > 0 ? `; ${others} were not dead letters any more` : ''}`;
}
