import { CommanderError } from 'commander';
import { readEnvironment } from '../config/environment.js';
import { DswError } from '../errors.js';
import { exitCodeOf, describeError } from './failure.js';
import { say } from './output.js';
import { buildProgram } from './program.js';
import { onSecondSignal } from './signals.js';

/** Runs the command line. The one place that ends the process. */
async function main(): Promise<void> {
  try {
    const program = await buildProgram(process.argv.slice(2));
    await program.parseAsync();
  } catch (error) {
    // Commander has already printed its own message, or the help that was asked for.
    if (!(error instanceof CommanderError)) say(describeError(error, readEnvironment().debug));
    process.exitCode = exitCodeOf(error);
  }
}

function endWith(error: unknown): never {
  say(describeError(error, readEnvironment().debug));
  process.exit(1);
}

// A reader that closes the pipe early (head, grep -q) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  endWith(new DswError('unavailable', `standard output can't be written: ${error.message}`));
});
// Nobody is left to tell of it; the work goes on.
process.stderr.on('error', () => undefined);
// Thrown where no call of ours waits for it, such as in a library's timer.
process.on('uncaughtException', endWith);

onSecondSignal((code) => process.exit(code));

await main();
