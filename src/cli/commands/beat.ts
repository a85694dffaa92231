import { Option, type Command } from 'commander';
import type { BeatFlags } from '../beat-handlers.js';
import { withExamples } from '../examples.js';
import { addMetricsFlag, addSystemFlags } from '../flags.js';

/** What the commands run, loaded when one of them runs. */
const handlers = () => import('../beat-handlers.js');

export function registerBeat(beat: Command): void {
  beat
    .addOption(
      new Option(
        '--once',
        'send what is due now, and end: for platforms that start commands by cron',
      ).conflicts('metricsPort'),
    )
    .action(async (flags: BeatFlags) => (await handlers()).runBeat(flags));
  addMetricsFlag(addSystemFlags(beat));
  withExamples(beat, [
    'dsw beat                          # as many as you like: one works',
    'dsw beat --metrics-port 9464      # with /metrics, /healthz and /readyz',
    'dsw beat --once                   # what is due now, then end',
    'dsw beat list                     # next and last times of each schedule',
    'dsw beat run cleanup_old_files    # now, beside its schedule',
    'kill -HUP <process>               # read dsw.yaml again',
  ]);
  const list = beat
    .command('list')
    .description('the schedules: next due times, last run and what became of it')
    .option('--json', 'for machines')
    .action(async (_own, command: Command) =>
      (await handlers()).listSchedules(command.optsWithGlobals()),
    );
  withExamples(list, ['dsw beat list', 'dsw beat list --json']);
  registerAction(beat, 'run', 'enqueue a job of a schedule now', 'runSchedule');
  registerAction(beat, 'pause', 'send no ticks of a schedule until it is resumed', 'pauseSchedule');
  registerAction(beat, 'resume', 'send ticks of a paused schedule again', 'resumeSchedule');
}

function registerAction(
  beat: Command,
  verb: string,
  description: string,
  act: 'runSchedule' | 'pauseSchedule' | 'resumeSchedule',
): void {
  const command = beat
    .command(verb)
    .description(description)
    .argument('<schedule>', 'its name')
    .action(async (name: string, _own, own: Command) =>
      (await handlers())[act](name, own.optsWithGlobals()),
    );
  withExamples(command, [`dsw beat ${verb} cleanup_old_files`]);
}
