import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { addSystemFlags, type SystemFlags } from '../flags.js';
import { hasScreen, print } from '../output.js';
import { untilStopped } from '../signals.js';

/** Of a picture for a pipe, which has no width of its own. */
const PLAIN_WIDTH = 80;

export function registerTop(command: Command): void {
  command.action(runTop);
  addSystemFlags(command);
  withExamples(command, ['dsw top', 'dsw top --redis redis://10.0.0.4:6379', 'dsw top | head -5']);
}

async function runTop(flags: SystemFlags): Promise<void> {
  const { loadSettings, requireRedisUrl } = await import('../../config/load-settings.js');
  const settings = loadSettings(flags);
  const options = { settings, redisUrl: requireRedisUrl(settings), title: 'dsw top' };
  const { describeSystem, showSystem } = await import('../../app/show-system.js');
  if (hasScreen()) await untilStopped((ended) => showSystem({ ...options, ended }));
  else print(await describeSystem(options, PLAIN_WIDTH));
}
