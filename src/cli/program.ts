import { Command } from 'commander';
import { packageVersion } from '../config/package-root.js';
import { registerBeat } from './commands/beat.js';
import { registerEngines } from './commands/engines.js';
import { registerForget } from './commands/forget.js';
import { registerJobs } from './commands/jobs.js';
import { registerPlan } from './commands/plan.js';
import { registerProfile } from './commands/profile.js';
import { registerResults } from './commands/results.js';
import { registerSubmit } from './commands/submit.js';
import { registerTask } from './commands/task.js';
import { registerTop } from './commands/top.js';
import { registerUp } from './commands/up.js';
import { registerAlerts, registerDoctor, registerStatus } from './commands/watch.js';
import { registerWorker } from './commands/worker.js';

const COMMANDS = [
  registerUp,
  registerPlan,
  registerProfile,
  registerWorker,
  registerBeat,
  registerTop,
  registerStatus,
  registerDoctor,
  registerAlerts,
  registerSubmit,
  registerJobs,
  registerResults,
  registerForget,
  registerTask,
  registerEngines,
];

const EXAMPLES = `Examples:
  dsw up --demo                sample documents through a private Redis, live
  dsw plan --profile medium    how many slots and replicas, what wait, what cost
  dsw worker --concurrency 4   run jobs in four slots
  dsw beat                     send the periodic tasks, each exactly once
  dsw top                      live utilization
  dsw doctor                   what is wrong, and how to put it right
`;

/** The whole command line. A command module registers flags; what it runs is loaded when it runs. */
export function buildProgram(): Command {
  const program = new Command('dsw')
    .description('Plan, launch and watch document workers.')
    .version(packageVersion())
    .addHelpText('before', EXAMPLES)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  for (const register of COMMANDS) register(program);
  return program;
}
