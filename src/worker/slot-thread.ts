import type { MessagePort } from 'node:worker_threads';
import { parentPort, workerData } from 'node:worker_threads';
import { openDocumentStore } from '../documents/open-store.js';
import { DswError, isOutOfSpace, messageOf } from '../errors.js';
import type { Logger } from '../log.js';
import type { JobInspector } from '../queues/job-inspector.js';
import { decodePayload } from '../queues/job-payload.js';
import { UnrecoverableError } from '../tasks/contract.js';
import { TaskShelf, unknownTask } from '../tasks/registry.js';
import { Split, type AnyTask, type SystemContext } from '../tasks/system-task.js';
import { Claims } from './claims.js';
import { PageStarts } from './page-starts.js';
import { RemotePrograms } from './remote-programs.js';
import type {
  JobEnding,
  SlotAnswer,
  SlotJob,
  SlotOrder,
  SlotNews,
  SlotRefusal,
  SlotReply,
  SlotRequest,
  SlotSetup,
} from './slot-messages.js';
import {
  CpuStopwatch,
  giveBackUnused,
  offerMeasurement,
  threadMemoryMb,
  watchWebAssemblyMemory,
} from './thread-usage.js';

// What runs inside a slot's thread. Piscina calls the default export for each request.

watchWebAssemblyMemory();
const setup = workerData as SlotSetup;
const claims = new Claims(setup.claims);
const documents = await openDocumentStore(setup.store);
const shelf = TaskShelf.open(setup.taskModules, setup.tasksChecked);
// Whoever asks hears of it.
shelf.catch(() => undefined);
const cpu = new CpuStopwatch();
let inspector: Promise<JobInspector> | undefined;
const programs = new RemotePrograms();
let running: { jobId: string; controller: AbortController } | undefined;
let pages = new PageStarts();
offerMeasurement(() => running?.jobId);

export default async function handle(request: SlotRequest): Promise<SlotAnswer | SlotRefusal> {
  try {
    return await answer(request);
  } catch (error) {
    // An error that crosses threads loses what kind it is.
    if (error instanceof DswError) return { refused: error.message, hint: error.hint };
    throw error;
  }
}

async function answer(request: SlotRequest): Promise<SlotAnswer> {
  if (request.kind === 'describe')
    return { replies: [], facts: await (await shelf).facts(), memoryMb: threadMemoryMb() };
  if (request.kind === 'warmUp') await warmUp(request.tasks, request.orders);
  const jobs = request.kind === 'run' ? request.jobs : [];
  const replies: SlotReply[] = [];
  for (let i = claims.next(); i !== undefined; i = claims.next()) {
    const job = jobs[i];
    if (job) replies.push(await measure(job));
  }
  return { replies, memoryMb: threadMemoryMb() };
}

async function warmUp(names: readonly string[], orders: MessagePort): Promise<void> {
  programs.connect(orders);
  orders.on('message', (order: SlotOrder) => {
    if ('question' in order) programs.hear(order);
    else if (running?.jobId === order.abort) running.controller.abort(new Error(order.reason));
  });
  orders.unref();
  const tasks = await shelf;
  for (const name of names) await (await tasks.require(name)).warmUp?.(setup.settings);
  await giveBackUnused();
}

async function measure(job: SlotJob): Promise<SlotReply> {
  const startedAt = performance.now();
  pages = new PageStarts();
  const ending = await run(job);
  const serviceMs = performance.now() - startedAt;
  const endedAt = Date.now();
  return { ...ending, serviceMs, cpuMs: cpu.lap(serviceMs), endedAt, pages: pages.all };
}

async function run(job: SlotJob): Promise<JobEnding> {
  const controller = new AbortController();
  running = { jobId: job.id, controller };
  try {
    const task = await findTask(job.task);
    const input = checkInput(task, decodePayload(job.data).input);
    const result = await task.run(input, contextOf(job, controller.signal));
    if (result instanceof Split) return { outcome: 'split', parts: result.parts };
    return { outcome: 'completed', value: JSON.stringify(result ?? null) };
  } catch (error) {
    return describeFailure(error);
  } finally {
    running = undefined;
  }
}

async function findTask(name: string): Promise<AnyTask> {
  const tasks = await shelf;
  const task = await tasks.find(name);
  if (task) return task;
  throw new UnrecoverableError(unknownTask(name, tasks.names).message);
}

function checkInput(task: AnyTask, input: unknown): never {
  const result = task.input.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue ? ['input', ...issue.path].map(String).join('.') : 'input';
  throw new UnrecoverableError(`${path}: ${issue?.message ?? 'not what the task expects'}`);
}

function contextOf(job: SlotJob, signal: AbortSignal): SystemContext {
  return {
    jobId: job.id,
    attempt: job.attempt,
    signal,
    documents,
    settings: setup.settings,
    programs,
    jobs: () => (inspector ??= connectInspector()),
    progress: (progress, within) => {
      pages.note(progress);
      tell({ jobId: job.id, progress, within });
    },
    parts: job.parts,
    log: { info: logger(job, 'info'), warn: logger(job, 'warn'), error: logger(job, 'error') },
  };
}

function logger({ id }: SlotJob, level: keyof Logger): Logger[typeof level] {
  return (message, fields) => tell({ jobId: id, level, message, fields });
}

function tell(news: SlotNews): void {
  parentPort?.postMessage(news);
}

/** Loaded when a task asks for it: most slots never do. */
async function connectInspector(): Promise<JobInspector> {
  if (setup.redisUrl === undefined)
    throw new UnrecoverableError('this task looks at jobs: name a Redis by REDIS_URL or --redis');
  const { JobInspector } = await import('../queues/job-inspector.js');
  return await JobInspector.connect(setup.redisUrl, setup.prefix);
}

function describeFailure(error: unknown): JobEnding {
  const reason = messageOf(error);
  const hopeless =
    nameOf(error) === 'UnrecoverableError' ||
    (error instanceof DswError && error.code === 'refused');
  const spoiled = nameOf(error) === 'SpoiledSlotError';
  return {
    outcome: 'failed',
    reason,
    stack: error instanceof Error ? (error.stack ?? reason) : reason,
    moreTries: hopeless ? 'none' : spoiled ? 'once' : 'as many as allowed',
    spoiled,
    storeFull: isOutOfSpace(error),
  };
}

/** By name: a task's module may have its own copy of the class. */
function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
