import type { ListedQueue, QueueDesk } from '../client/queue-desk.js';
import type { QueueName } from '../planning/queue-names.js';
import { formatSeconds } from '../planning/readable.js';
import { atDesk } from './at-desk.js';
import type { SystemFlags } from './flags.js';
import { formatTable, print, printJson, say, type Column } from './output.js';

export interface QueueFlags extends SystemFlags {
  json?: boolean;
}

const count = (title: string, value: (queue: ListedQueue) => number): Column<ListedQueue> => ({
  title,
  align: 'right',
  value: (queue) => String(value(queue)),
});

const COLUMNS: Column<ListedQueue>[] = [
  { title: 'QUEUE', value: ({ name }) => name },
  { title: 'STATE', value: ({ paused }) => (paused ? 'paused' : 'open') },
  count('WAITING', ({ waiting }) => waiting),
  count('RUNNING', ({ running }) => running),
  count('DELAYED', ({ delayed }) => delayed),
  count('DONE', ({ done }) => done),
  count('DEAD', ({ dead }) => dead),
  {
    title: 'OLDEST',
    align: 'right',
    value: ({ oldestWaitSeconds: oldest }) => (oldest === undefined ? '–' : formatSeconds(oldest)),
  },
  count('WORKERS', ({ workers }) => workers),
];

/** `dsw queue list` */
export async function listQueues(flags: QueueFlags): Promise<void> {
  await atDesk(flags, openDesk, async (desk) => {
    const queues = await desk.list();
    if (flags.json) printJson({ version: 1, queues });
    else print(formatTable(COLUMNS, queues));
  });
}

/** `dsw queue pause NAME …` and `dsw queue resume NAME …` */
export async function setPaused(
  verb: 'pause' | 'resume',
  names: readonly QueueName[],
  flags: QueueFlags,
): Promise<void> {
  await atDesk(flags, openDesk, async (desk) => {
    const changed = new Set<QueueName>();
    for (const name of names) if (await desk[verb](name)) changed.add(name);
    const queues = (await desk.list()).filter(({ name }) => names.includes(name));
    if (flags.json) {
      const told = queues.map((queue) => ({ ...queue, changed: changed.has(queue.name) }));
      printJson({ version: 1, queues: told });
    } else for (const queue of queues) say(describe(verb, queue, changed.has(queue.name)));
  });
}

function describe(verb: 'pause' | 'resume', queue: ListedQueue, changed: boolean): string {
  const { name, waiting, running, workers } = queue;
  const jobs = `${waiting} waiting, ${running} running`;
  if (verb === 'pause') {
    const state = changed ? 'is paused' : 'was paused already, and stays so';
    const rest = running > 0 ? 'what runs is finished, ' : '';
    return `${name} ${state} until "dsw queue resume ${name}" (${jobs}): ${rest}what comes waits.`;
  }
  const state = changed ? 'is open again' : 'was not paused';
  return `${name} ${state} (${jobs}): ${workers === 0 ? 'no worker takes' : 'workers take'} from it.`;
}

async function openDesk(redisUrl: string, prefix: string): Promise<QueueDesk> {
  const { QueueDesk } = await import('../client/queue-desk.js');
  return await QueueDesk.open(redisUrl, prefix);
}
