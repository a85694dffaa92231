import type { JobAction, JobDesk } from '../client/job-desk.js';
import type { SettingFlags } from '../config/load-settings.js';
import type { JobFilter } from '../queues/job-selection.js';
import { atDesk } from './at-desk.js';
import { confirm } from './confirm.js';
import type { FilterFlags } from './job-filter.js';
import { print, printJson, say } from './output.js';

export interface JobFlags extends SettingFlags {
  json?: boolean;
  yes?: boolean;
}

export interface ListFlags extends JobFlags, FilterFlags {
  limit: number;
}

/** How often somebody who waits hears how far it is. */
const PROGRESS_MS = 1000;

async function openDesk(redisUrl: string, prefix: string): Promise<JobDesk> {
  const { JobDesk } = await import('../client/job-desk.js');
  return await JobDesk.open(redisUrl, prefix);
}

/** `dsw jobs list` */
export async function listJobs(flags: ListFlags): Promise<void> {
  const { formatJobs } = await import('./job-view.js');
  const { readJobFilter } = await import('./job-filter.js');
  const filter = readJobFilter(flags);
  await atDesk(flags, openDesk, async (desk) => {
    const found = await desk.list(filter, flags.limit);
    if (flags.json) printJson(found);
    else print(formatJobs(found));
  });
}

/** `dsw jobs show` */
export async function showJob(id: string, flags: JobFlags): Promise<void> {
  const { formatJob } = await import('./job-view.js');
  const { noSuchJob } = await import('../queues/job-lookup.js');
  await atDesk(flags, openDesk, async (desk) => {
    const job = await desk.show(id);
    if (!job) throw noSuchJob(id);
    if (flags.json) printJson(job);
    else print(formatJob(job));
  });
}

/** `dsw jobs retry`, `discard`, `cancel` and `move`: on the jobs named, or on those that match. */
export async function actOn(
  ids: string[],
  action: JobAction,
  flags: JobFlags & FilterFlags,
): Promise<void> {
  const { readTargets } = await import('./job-filter.js');
  const filter = readTargets(ids, action, flags);
  if (filter) await actOnMatching(filter, action, flags);
  else await actOnNamed([...new Set(ids)], action, flags);
}

async function actOnNamed(ids: string[], action: JobAction, flags: JobFlags): Promise<void> {
  const { describeOutcome, questionFor } = await import('./job-view.js');
  // Others destroy nothing: they are asked for when they act on all that match.
  const destroys = action.kind === 'discard' || action.kind === 'cancel';
  if (destroys)
    await confirm(questionFor(action, ids.length === 1 ? ids[0] : ids.length), flags.yes);
  await atDesk(flags, openDesk, async (desk) => {
    const outcomes = [];
    for (const id of ids) outcomes.push({ id, outcome: await desk.act(id, action) });
    if (flags.json) printJson(outcomes);
    else
      print(outcomes.map((one) => `${one.id}  ${describeOutcome(one.outcome, action)}`).join('\n'));
    const failed = outcomes.some(
      ({ outcome }) => outcome !== 'applied' && outcome !== 'told its worker',
    );
    if (failed) process.exitCode = 1;
  });
}

async function actOnMatching(filter: JobFilter, action: JobAction, flags: JobFlags): Promise<void> {
  const { describeCounts, questionFor } = await import('./job-view.js');
  // Nobody can be asked: say so before anything is looked up.
  if (!process.stdin.isTTY) await confirm(questionFor(action, undefined), flags.yes);
  await atDesk(flags, openDesk, async (desk) => {
    if (!flags.yes) await confirm(questionFor(action, await desk.count(filter)), false);
    let saidAt = Date.now();
    const counts = await desk.actOnAll(filter, action, (jobs) => {
      if (Date.now() - saidAt < PROGRESS_MS) return;
      saidAt = Date.now();
      say(`${jobs} jobs so far`);
    });
    if (flags.json) printJson(counts);
    else print(describeCounts(counts, action));
  });
}
