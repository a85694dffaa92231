import { readEnvironment } from '../config/environment.js';
import { loadSettings, requireRedisUrl, type SettingFlags } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import type { Picture } from '../monitor/picture.js';
import { print, printJson, say } from './output.js';
import { runUntilStopped } from './signals.js';

export interface WatchFlags extends SettingFlags {
  json?: boolean;
  watch?: number | true;
}

const WATCH_SECONDS = 2;

/** `dsw doctor`: exit code 1 when it found an error. */
export async function runDoctor(flags: WatchFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { formatReport, reportOf, unreachableReport } = await import('./doctor-view.js');
  const { examine } = await import('../monitor/doctor/examine.js');
  const report = await examine(requireRedisUrl(settings), settings).then(
    reportOf,
    (error: unknown) => unreachableReport(error),
  );
  if (flags.json) printJson({ version: 1, ...report });
  else print(formatReport(report));
  if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

/** `dsw status`: exit code 1 when something is wrong that is an error. */
export async function runStatus(flags: WatchFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  const { lookOnce } = await import('../monitor/monitor.js');
  const { statusOf, formatStatus } = await import('./status-view.js');
  const tell = (picture: Picture): void => {
    const status = statusOf(picture);
    // While it goes on, one line for each look.
    if (flags.json) print(JSON.stringify(status, null, flags.watch === undefined ? 2 : 0));
    else print(formatStatus(status));
    process.exitCode = status.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  };
  if (flags.watch === undefined) tell(await lookOnce(redisUrl, settings));
  else {
    const everySeconds = flags.watch === true ? WATCH_SECONDS : flags.watch;
    await keepLooking(redisUrl, settings, everySeconds, (picture) => {
      tell(picture);
      if (!flags.json) print('');
    });
  }
}

/** Looks every so often, until stopped; a Redis that does not answer is waited for. */
async function keepLooking(
  redisUrl: string,
  settings: Settings,
  everySeconds: number,
  tell: (picture: Picture) => void,
): Promise<void> {
  const { Monitor } = await import('../monitor/monitor.js');
  const { takePicture } = await import('../monitor/picture.js');
  const { readExpected } = await import('../monitor/doctor/expected.js');
  const standards = { settings, expected: await readExpected(settings) };
  const monitor = new Monitor({ redisUrl, prefix: settings.prefix, everySeconds });
  let before: Picture | undefined;
  monitor.subscribe((news) => {
    if ('error' in news) say(`No answer from Redis, retrying: ${news.error.message}`);
    else tell((before = takePicture(news.snapshot, standards, { before })));
  });
  await runUntilStopped(monitor);
}

/** `dsw alerts check`: every rule against this moment; exit code 1 when an error's condition holds. */
export async function checkAlerts(flags: WatchFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { lookOnce } = await import('../monitor/monitor.js');
  const { formatAlerts, alertsJson } = await import('./alert-view.js');
  const { alerts: states } = await lookOnce(requireRedisUrl(settings), settings);
  if (flags.json) printJson(alertsJson(states));
  else print(formatAlerts(states));
  const bad = states.some(({ breached, rule }) => breached && rule.severity === 'error');
  if (bad) process.exitCode = 1;
}

/** `dsw alerts watch` */
export async function watchAlerts(flags: SettingFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  const { AlertWatch } = await import('../monitor/alerts/alert-watch.js');
  const { createLogger } = await import('../log.js');
  const { debug, webhookSecret } = readEnvironment();
  const log = createLogger({ service: 'alerts', human: process.stderr.isTTY || debug });
  await runUntilStopped(new AlertWatch(redisUrl, settings, webhookSecret, log));
}
