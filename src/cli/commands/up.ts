import type { Command } from 'commander';
import type { Settings } from '../../config/settings.js';
import { storeOptions } from '../../documents/open-store.js';
import { withExamples } from '../examples.js';
import { addConcurrencyFlag, addStoreFlag, addSystemFlags, type SystemFlags } from '../flags.js';
import { hasScreen, print, say } from '../output.js';
import { runUntilStopped } from '../signals.js';

export function registerUp(command: Command): void {
  command
    .option('--demo', 'send the sample documents through it, show what became of them, and stop')
    .action(runUp);
  addConcurrencyFlag(addStoreFlag(addSystemFlags(command)));
  withExamples(command, [
    'dsw up --demo',
    'dsw up --concurrency 4',
    'REDIS_URL=redis://10.0.0.4:6379 dsw up',
  ]);
}

async function runUp(flags: SystemFlags & { demo?: boolean }): Promise<void> {
  const { loadSettings } = await import('../../config/load-settings.js');
  const given = loadSettings(flags);
  // The demo keeps to itself, also in a Redis that others use.
  const settings = flags.demo ? { ...given, prefix: `${given.prefix}-demo` } : given;
  const { Up } = await import('../../app/up.js');
  const live = hasScreen();
  // A line in the middle of a live screen would tear it; it is shown after.
  const notices: string[] = [];
  const tell = live ? (line: string): number => notices.push(line) : say;
  const configPath = flags.config;
  const up = new Up({
    settings,
    configPath,
    logs: live || flags.demo ? 'files' : 'terminal',
    say: tell,
  });
  const view: View = { settings, live, redisUrl: () => up.redisUrl };
  await runUntilStopped(up, (stopped) => (flags.demo ? demo(view, stopped) : watch(view, stopped)));
  for (const line of notices) say(line);
}

interface View {
  settings: Settings;
  live: boolean;
  redisUrl(): string;
}

async function watch(view: View, stopped: Promise<unknown>): Promise<void> {
  if (!view.live) {
    await stopped;
    return;
  }
  const { showSystem } = await import('../../app/show-system.js');
  const { settings } = view;
  await showSystem({ settings, redisUrl: view.redisUrl(), title: 'dsw up', ended: stopped });
}

async function demo(view: View, stopped: Promise<unknown>): Promise<void> {
  const { runDemo } = await import('../../app/demo.js');
  const { DswClient } = await import('../../client/client.js');
  const { describeEvent, formatReports, reportDocuments } = await import('../document-report.js');
  const { prefix, jobs, limits } = view.settings;
  const redisUrl = view.redisUrl();
  const client = await DswClient.connect({
    redisUrl,
    prefix,
    store: storeOptions(view.settings, redisUrl),
    attempts: jobs.attempts,
    maxWaiting: jobs.maxWaiting,
    limits,
  });
  try {
    const followed = runDemo(client, (event, name) => {
      if (!view.live) say(describeEvent(event, name));
    });
    await watch(view, Promise.race([followed, stopped]));
    const done = await Promise.race([followed, stopped]);
    if (!Array.isArray(done)) return;
    print(formatReports(await reportDocuments(client.documents, done)));
  } finally {
    await client.close();
  }
}
