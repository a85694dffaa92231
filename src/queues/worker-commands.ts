import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

/** What a worker, or a supervisor of workers, can be told from afar. */
export type WorkerCommand =
  /** Take no new job, finish the running ones, end. */
  | { kind: 'drain' }
  /** Have so many slots. */
  | { kind: 'resize'; slots: number }
  /** End this job: it becomes a dead letter. */
  | { kind: 'cancel'; jobId: string }
  /** For a supervisor: have so many replicas. */
  | { kind: 'scale'; replicas: number };

/** Commands for a worker that never comes to take them must not wait for ever. */
export const COMMAND_KEPT_SECONDS = 60;

/** Leaves a command for a worker, which takes it at its next heartbeat. */
export async function sendWorkerCommand(
  redis: Redis,
  keyspace: Keyspace,
  workerId: string,
  command: WorkerCommand,
): Promise<void> {
  const key = keyspace.commands(workerId);
  await redis.multi().rpush(key, JSON.stringify(command)).expire(key, COMMAND_KEPT_SECONDS).exec();
}

/** The commands that were left for this worker, oldest first, each once. */
export async function takeWorkerCommands(
  redis: Redis,
  keyspace: Keyspace,
  workerId: string,
): Promise<WorkerCommand[]> {
  const key = keyspace.commands(workerId);
  const replies = await redis.multi().lrange(key, 0, -1).del(key).exec();
  const texts = (replies?.[0]?.[1] ?? []) as string[];
  return texts.map((text) => JSON.parse(text) as WorkerCommand);
}
