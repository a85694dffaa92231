import type { BeatOptions } from '../beat/beat-options.js';
import type { BeatService } from '../beat/beat-service.js';
import type { ScheduleDesk } from '../client/schedule-desk.js';
import { readEnvironment } from '../config/environment.js';
import { loadSettings, requireRedisUrl } from '../config/load-settings.js';
import { packageVersion } from '../config/package-root.js';
import { schedulesOf } from '../config/schedule-settings.js';
import { DswError } from '../errors.js';
import type { Service } from '../lifecycle.js';
import type { Logger } from '../log.js';
import type { ListenAddress } from '../monitor/http-server.js';
import type { Schedule } from '../planning/schedule.js';
import { atDesk } from './at-desk.js';
import type { SystemFlags } from './flags.js';
import { print, printJson, say } from './output.js';
import { formatSchedules, scheduleListJson } from './schedule-view.js';
import { runUntilStopped } from './signals.js';

export interface BeatFlags extends SystemFlags {
  once?: boolean;
  metricsPort?: ListenAddress;
}

/** Due times that `dsw beat list` tells. */
const LISTED_DUE_TIMES = 10;

/** `dsw beat`: schedules until stopped, or only what is due now. */
export async function runBeat(flags: BeatFlags): Promise<void> {
  const { createLogger } = await import('../log.js');
  const log = createLogger({
    service: 'beat',
    human: process.stderr.isTTY || readEnvironment().debug,
  });
  const { withTracing } = await import('../app/tracing/open-tracing.js');
  await withTracing(loadSettings(flags), 'beat', log, async (telemetry) => {
    const options = { ...beatOptions(flags), telemetry };
    if (flags.once) await sendOnce(options, log);
    else await keepBeating(options, flags, log);
  });
}

async function keepBeating(options: BeatOptions, flags: BeatFlags, log: Logger): Promise<void> {
  const { BeatService } = await import('../beat/beat-service.js');
  const beat = new BeatService(options, log);
  reloadOnHangUp(beat, flags, log);
  await runUntilStopped(await observed(beat, flags, options, log));
}

/** `dsw beat list`. */
export async function listSchedules(flags: SystemFlags & { json?: boolean }): Promise<void> {
  await atScheduleDesk(flags, async (desk, configured) => {
    const list = await desk.list(configured, LISTED_DUE_TIMES);
    if (flags.json) {
      printJson(scheduleListJson(list));
      return;
    }
    if (!list.isPublished) say('No beat has run here yet; these are the schedules it would have.');
    print(formatSchedules(list, LISTED_DUE_TIMES));
  });
}

/** `dsw beat run NAME`. */
export async function runSchedule(name: string, flags: SystemFlags): Promise<void> {
  await atScheduleDesk(flags, async (desk, configured) => {
    print(await desk.run(name, configured));
    say(`${name} is enqueued; its next tick stays as it was.`);
  });
}

/** `dsw beat pause NAME`. */
export async function pauseSchedule(name: string, flags: SystemFlags): Promise<void> {
  await atScheduleDesk(flags, async (desk, configured) => {
    const changed = await desk.pause(name, configured);
    say(changed ? `${name} is paused until "dsw beat resume ${name}".` : `${name} was paused.`);
  });
}

const RESUMED = {
  resumed: 'goes on from now; what fell into the pause is not made up for.',
  ran: 'was not paused.',
  'set right': 'goes on from now: its last tick lay ahead of the clock.',
} as const;

/** `dsw beat resume NAME`. */
export async function resumeSchedule(name: string, flags: SystemFlags): Promise<void> {
  await atScheduleDesk(flags, async (desk, configured) => {
    say(`${name} ${RESUMED[await desk.resume(name, configured)]}`);
  });
}

function beatOptions(flags: SystemFlags): BeatOptions {
  const settings = loadSettings(flags);
  return {
    redisUrl: requireRedisUrl(settings),
    prefix: settings.prefix,
    version: packageVersion(),
    leaseSeconds: settings.beat.leaseSeconds,
    schedules: schedulesOf(settings),
  };
}

async function observed(
  beat: BeatService,
  { metricsPort }: BeatFlags,
  { redisUrl, prefix }: BeatOptions,
  log: Logger,
): Promise<Service> {
  if (!metricsPort) return beat;
  const { observeBeat } = await import('../app/observed.js');
  return observeBeat(beat, { at: metricsPort, redisUrl, prefix, log });
}

async function sendOnce(options: BeatOptions, log: Logger): Promise<void> {
  const { beatOnce } = await import('../beat/beat-once.js');
  const { sent, holder } = await beatOnce(options, log);
  if (holder !== undefined) say(`${holder} is the scheduler; nothing was left to do.`);
  else say(`${sent.length} due ${sent.length === 1 ? 'task' : 'tasks'} sent.`);
  for (const { task, dueAt, jobId } of sent)
    print(`${jobId}  ${task}  due ${new Date(dueAt).toISOString()}`);
}

/** As other servers do: SIGHUP reads the settings again. With a mistake in them, nothing changes. */
function reloadOnHangUp(beat: BeatService, flags: SystemFlags, log: Logger): void {
  process.on('SIGHUP', () => {
    try {
      beat.load(beatOptions(flags).schedules);
    } catch (error) {
      if (!(error instanceof DswError)) throw error;
      log.error(`the schedules stay as they were: ${error.message.replaceAll('\n', '; ')}`);
    }
  });
}

function atScheduleDesk(
  flags: SystemFlags,
  act: (desk: ScheduleDesk, configured: Schedule[]) => Promise<void>,
): Promise<void> {
  return atDesk(flags, openDesk, (desk, settings) => act(desk, schedulesOf(settings)));
}

async function openDesk(redisUrl: string, prefix: string): Promise<ScheduleDesk> {
  const { ScheduleDesk } = await import('../client/schedule-desk.js');
  return await ScheduleDesk.open(redisUrl, prefix);
}
