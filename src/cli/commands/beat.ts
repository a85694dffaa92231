import type { Command } from 'commander';
import { readEnvironment } from '../../config/environment.js';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { packageVersion } from '../../config/package-root.js';
import { withExamples } from '../examples.js';
import { addSystemFlags, type SystemFlags } from '../flags.js';
import { runUntilStopped } from '../signals.js';

export function registerBeat(program: Command): void {
  const command = program
    .command('beat')
    .description('send periodic tasks; of all that run, one works and the others stand by')
    .action(runBeat);
  addSystemFlags(command);
  withExamples(command, ['dsw beat', 'REDIS_URL=redis://10.0.0.4:6379 dsw beat']);
}

async function runBeat(flags: SystemFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { BeatService } = await import('../../beat/beat-service.js');
  const { builtInSchedule } = await import('../../beat/schedule.js');
  const { createLogger } = await import('../../log.js');
  const log = createLogger({
    service: 'beat',
    human: process.stderr.isTTY || readEnvironment().debug,
  });
  const options = {
    redisUrl: requireRedisUrl(settings),
    prefix: settings.prefix,
    version: packageVersion(),
    leaseSeconds: settings.beat.leaseSeconds,
    schedule: builtInSchedule(settings),
    attempts: settings.jobs.attempts,
  };
  await runUntilStopped(new BeatService(options, log));
}
