import type { Command } from 'commander';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { DswError } from '../../errors.js';
import { withExamples } from '../examples.js';
import { addSystemFlags, type SystemFlags } from '../flags.js';

export function registerTop(program: Command): void {
  const command = program
    .command('top')
    .description('live utilization: queues, workers, slots and running jobs')
    .action(runTop);
  addSystemFlags(command);
  withExamples(command, ['dsw top', 'dsw top --redis redis://10.0.0.4:6379']);
}

async function runTop(flags: SystemFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  if (!process.stdout.isTTY) {
    throw new DswError('usage', 'dsw top needs a terminal: its output is a screen, not text');
  }
  const { showSystem } = await import('../../app/show-system.js');
  await showSystem({ redisUrl, prefix: settings.prefix, title: 'dsw top' });
}
