import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { openDocumentStore } from '../documents/open-store.js';
import { DswError } from '../errors.js';
import { JobInspector } from '../queues/job-inspector.js';
import { decodePayload } from '../queues/job-payload.js';
import {
  SpoiledSlotError,
  UnrecoverableError,
  type AnyTask,
  type TaskContext,
} from '../tasks/contract.js';
import { loadTasks } from '../tasks/registry.js';
import type { SlotJob, SlotProgress, SlotReply, SlotRequest, SlotSetup } from './slot-messages.js';

// What runs inside a slot's thread. Piscina calls the default export for each request.

const setup = workerData as SlotSetup;
const documents = openDocumentStore(setup.store);
const tasks = await loadTasks();
let inspector: Promise<JobInspector> | undefined;

export default async function handle(request: SlotRequest): Promise<SlotReply> {
  if (request.kind === 'run') return await run(request.job);
  for (const name of request.tasks) await tasks.get(name)?.warmUp?.();
  return { outcome: 'completed', value: 'null' };
}

async function run(job: SlotJob): Promise<SlotReply> {
  try {
    const task = findTask(job.task);
    const input = checkInput(task, decodePayload(job.data).input);
    const result = await task.run(input, contextOf(job));
    return { outcome: 'completed', value: JSON.stringify(result ?? null) };
  } catch (error) {
    return describeFailure(error);
  }
}

function findTask(name: string): AnyTask {
  const task = tasks.get(name);
  if (task) return task;
  throw new UnrecoverableError(`no task named "${name}"; known: ${[...tasks.keys()].join(', ')}`);
}

function checkInput(task: AnyTask, input: unknown): never {
  const result = task.input.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue ? ['input', ...issue.path].map(String).join('.') : 'input';
  throw new UnrecoverableError(`${path}: ${issue?.message ?? 'not what the task expects'}`);
}

function contextOf(job: SlotJob): TaskContext {
  return {
    jobId: job.id,
    attempt: job.attempt,
    signal: new AbortController().signal,
    documents,
    jobs: () => (inspector ??= JobInspector.connect(setup.redisUrl, setup.prefix)),
    progress: (progress) => {
      parentPort?.postMessage({ jobId: job.id, progress } satisfies SlotProgress);
    },
  };
}

function describeFailure(error: unknown): SlotReply {
  const reason = error instanceof Error ? error.message : String(error);
  const hopeless =
    error instanceof UnrecoverableError || (error instanceof DswError && error.code === 'refused');
  return {
    outcome: 'failed',
    reason,
    stack: error instanceof Error ? (error.stack ?? reason) : reason,
    recoverable: !hopeless,
    spoiled: error instanceof SpoiledSlotError,
  };
}
