import type { JobAction, JobDesk } from '../client/job-desk.js';
import type { SettingFlags } from '../config/load-settings.js';
import { DswError } from '../errors.js';
import { confirm } from './confirm.js';
import { print, printJson } from './output.js';

export interface JobFlags extends SettingFlags {
  json?: boolean;
  yes?: boolean;
}

export interface ListFlags extends JobFlags {
  state?: string[];
  queue?: string[];
  task?: string;
  error?: string;
  olderThan?: number;
  limit: number;
}

async function atDesk(flags: SettingFlags, work: (desk: JobDesk) => Promise<void>): Promise<void> {
  const { loadSettings, requireRedisUrl } = await import('../config/load-settings.js');
  const settings = loadSettings(flags);
  const { JobDesk } = await import('../client/job-desk.js');
  const desk = await JobDesk.open(requireRedisUrl(settings), settings.prefix);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

/** `dsw jobs list` */
export async function listJobs(flags: ListFlags): Promise<void> {
  const { formatJobs } = await import('./job-view.js');
  const { readJobFilter } = await import('./job-filter.js');
  const filter = readJobFilter(flags);
  await atDesk(flags, async (desk) => {
    const found = await desk.list(filter);
    if (flags.json) printJson(found);
    else print(formatJobs(found));
  });
}

/** `dsw jobs show` */
export async function showJob(id: string, flags: JobFlags): Promise<void> {
  const { formatJob } = await import('./job-view.js');
  await atDesk(flags, async (desk) => {
    const job = await desk.show(id);
    if (!job)
      throw new DswError('failed', `no job ${id}`, {
        hint: 'dsw jobs list shows those there are.',
      });
    if (flags.json) printJson(job);
    else print(formatJob(job));
  });
}

/** `dsw jobs retry`, `discard`, `cancel` and `move`: asks the question, if there is one, then acts. */
export async function actOn(
  ids: string[],
  action: JobAction,
  question: string | undefined,
  flags: JobFlags,
): Promise<void> {
  const what = ids.length === 1 ? (ids[0] ?? '') : `${ids.length} jobs`;
  if (question !== undefined)
    await confirm(`${question} ${ids.length === 1 ? 'of ' : ''}${what}?`, flags.yes);
  const { describeOutcome } = await import('./job-view.js');
  await atDesk(flags, async (desk) => {
    const outcomes = [];
    for (const id of ids) outcomes.push({ id, outcome: await desk.act(id, action) });
    if (flags.json) printJson(outcomes);
    else print(outcomes.map(({ id, outcome }) => describeOutcome(id, outcome)).join('\n'));
    const failed = outcomes.some(
      ({ outcome }) => outcome !== 'done' && outcome !== 'told its worker',
    );
    if (failed) process.exitCode = 1;
  });
}
