import { setTimeout as delay } from 'node:timers/promises';
import { readEnvironment } from '../config/environment.js';
import { loadSettings, requireRedisUrl, type SettingFlags } from '../config/load-settings.js';
import { print, printJson } from './output.js';
import { runUntilStopped } from './signals.js';

export interface WatchFlags extends SettingFlags {
  json?: boolean;
  watch?: number | true;
}

const WATCH_SECONDS = 2;

/** `dsw doctor`: exit code 1 when it found an error. */
export async function runDoctor(flags: WatchFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { formatReport, unreachableReport } = await import('./doctor-view.js');
  const { examine } = await import('../monitor/doctor/examine.js');
  const { diagnose } = await import('../monitor/doctor/diagnose.js');
  const report = await examine(requireRedisUrl(settings), settings).then(
    diagnose,
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
  const { readOnce } = await import('../monitor/monitor.js');
  const { statusOf, formatStatus } = await import('./status-view.js');
  const everySeconds = flags.watch === true ? WATCH_SECONDS : flags.watch;
  for (;;) {
    const status = statusOf(await readOnce(redisUrl, settings.prefix), settings);
    if (flags.json) print(JSON.stringify(status, null, everySeconds === undefined ? 2 : 0));
    else print(formatStatus(status));
    process.exitCode = status.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    if (everySeconds === undefined) return;
    if (!flags.json) print('');
    await delay(everySeconds * 1000);
  }
}

/** `dsw alerts check`: every rule against this moment; exit code 1 when an error's condition holds. */
export async function checkAlerts(flags: WatchFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { readOnce } = await import('../monitor/monitor.js');
  const { alertRules, alertSubject } = await import('../monitor/alerts/alert-rules.js');
  const { evaluateAlerts } = await import('../planning/alerts.js');
  const { formatAlerts, alertsJson } = await import('./alert-view.js');
  const snapshot = await readOnce(requireRedisUrl(settings), settings.prefix);
  const states = evaluateAlerts(alertRules(settings), alertSubject(snapshot, settings), new Map());
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
  const human = process.stderr.isTTY || readEnvironment().debug;
  await runUntilStopped(
    new AlertWatch(redisUrl, settings, createLogger({ service: 'alerts', human })),
  );
}
