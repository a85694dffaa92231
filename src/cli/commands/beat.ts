import type { Command } from 'commander';
import {
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  runBeat,
  runSchedule,
  type BeatFlags,
} from '../beat-handlers.js';
import { withExamples } from '../examples.js';
import { addSystemFlags, type SystemFlags } from '../flags.js';

export function registerBeat(program: Command): void {
  const beat = program
    .command('beat')
    .description('send periodic tasks; of all that run, one works and the others stand by')
    .option('--once', 'send what is due now, and end: for platforms that start commands by cron')
    .action((flags: BeatFlags) => runBeat(flags));
  addSystemFlags(beat);
  withExamples(beat, [
    'dsw beat                          # as many as you like: one works',
    'dsw beat --once                   # what is due now, then end',
    'dsw beat list                     # next and last times of each schedule',
    'dsw beat run cleanup_old_files    # now, beside its schedule',
    'kill -HUP <process>               # read dsw.yaml again',
  ]);
  const list = beat
    .command('list')
    .description('the schedules: next due times, last run and what became of it')
    .option('--json', 'for machines')
    .action((_own, command: Command) => listSchedules(command.optsWithGlobals()));
  withExamples(list, ['dsw beat list', 'dsw beat list --json']);
  registerAction(beat, 'run', 'enqueue a job of a schedule now', runSchedule);
  registerAction(beat, 'pause', 'send no ticks of a schedule until it is resumed', pauseSchedule);
  registerAction(beat, 'resume', 'send ticks of a paused schedule again', resumeSchedule);
}

function registerAction(
  beat: Command,
  verb: string,
  description: string,
  act: (name: string, flags: SystemFlags) => Promise<void>,
): void {
  const command = beat
    .command(verb)
    .description(description)
    .argument('<schedule>', 'its name')
    .action((name: string, _own, own: Command) => act(name, own.optsWithGlobals()));
  withExamples(command, [`dsw beat ${verb} cleanup_old_files`]);
}
