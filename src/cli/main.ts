import { CommanderError } from 'commander';
import { readEnvironment } from '../config/environment.js';
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

// A reader that closes the pipe early (head, grep -q) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

onSecondSignal((code) => process.exit(code));

await main();
