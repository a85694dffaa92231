import { Command } from 'commander';
import { didYouMean } from '../config/did-you-mean.js';
import { packageVersion } from '../config/package-root.js';

/** A command as the program's help lists it, and what adds its flags and parts. */
interface CommandEntry {
  name: string;
  description: string;
  load: () => Promise<(command: Command) => void>;
}

/** In the order of the help. Only the module of the one that was called is loaded. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    description:
      'a whole system on this machine: Redis if none is given, a beat, a worker, a live view',
    load: async () => (await import('./commands/up.js')).registerUp,
  },
  {
    name: 'plan',
    description:
      'answer how much capacity a load needs, what it costs and what documents will wait',
    load: async () => (await import('./commands/plan.js')).registerPlan,
  },
  {
    name: 'profile',
    description: 'list, show, check and start traffic profiles for "dsw plan"',
    load: async () => (await import('./commands/profile.js')).registerProfile,
  },
  {
    name: 'worker',
    description: 'run jobs of the queues, most urgent first, in a fixed number of slots',
    load: async () => (await import('./commands/worker.js')).registerWorker,
  },
  {
    name: 'beat',
    description: 'send periodic tasks; of all that run, one works and the others stand by',
    load: async () => (await import('./commands/beat.js')).registerBeat,
  },
  {
    name: 'top',
    description: 'live utilization: queues, workers, slots and running jobs',
    load: async () => (await import('./commands/top.js')).registerTop,
  },
  {
    name: 'status',
    description: 'the state of the system, once; exit code 1 when there is an error',
    load: async () => (await import('./commands/watch.js')).registerStatus,
  },
  {
    name: 'doctor',
    description: 'look for what goes wrong, and say how to put it right; exit code 1 on errors',
    load: async () => (await import('./commands/watch.js')).registerDoctor,
  },
  {
    name: 'alerts',
    description: 'judge the alert rules of dsw.yaml',
    load: async () => (await import('./commands/watch.js')).registerAlerts,
  },
  {
    name: 'queue',
    description: 'list, pause and resume queues',
    load: async () => (await import('./commands/queue.js')).registerQueue,
  },
  {
    name: 'submit',
    description: 'store documents and enqueue a job for each',
    load: async () => (await import('./commands/submit.js')).registerSubmit,
  },
  {
    name: 'jobs',
    description: 'look up jobs and act on them',
    load: async () => (await import('./commands/jobs.js')).registerJobs,
  },
  {
    name: 'results',
    description: 'what became of a document: its text, or another output that was asked for',
    load: async () => (await import('./commands/results.js')).registerResults,
  },
  {
    name: 'forget',
    description:
      'erase a document, its results, its jobs and their traces, and show that it is gone',
    load: async () => (await import('./commands/forget.js')).registerForget,
  },
  {
    name: 'task',
    description: 'list tasks, and try one without queues',
    load: async () => (await import('./commands/task.js')).registerTask,
  },
  {
    name: 'engines',
    description: 'list what reads and translates documents here, with versions and languages',
    load: async () => (await import('./commands/engines.js')).registerEngines,
  },
];

const EXAMPLES = `Examples:
  dsw up --demo                sample documents through a private Redis, live
  dsw plan --profile medium    how many slots and replicas, what wait, what cost
  dsw worker --concurrency 4   run jobs in four slots
  dsw beat                     send the periodic tasks, each exactly once
  dsw top                      live utilization
  dsw doctor                   what is wrong, and how to put it right
`;

/**
 * The command line for these arguments: the command that they call, whole; without one, every command
 * by name and description. A command module registers flags; what it runs is loaded when it runs.
 */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('dsw')
    .description('Plan, launch and watch document workers.')
    .version(packageVersion())
    .addHelpText('before', EXAMPLES)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'dsw: ')) })
    .configureHelp({ showGlobalOptions: true });
  const called = COMMANDS.find(({ name }) => name === calledIn(args));
  if (called === undefined) {
    COMMANDS.forEach(add);
    return program;
  }
  const command = add(called);
  (await called.load())(command);
  if (command.commands.length > 0) refuseUnknownParts(command);
  return program;

  function add({ name, description }: CommandEntry): Command {
    return program.command(name).description(description);
  }
}

/** Of a command that does something by itself, commander would take a mistyped part for an argument. */
function refuseUnknownParts(command: Command): void {
  command.allowExcessArguments().hook('preAction', (_, doing) => {
    const [word] = command.args;
    if (doing !== command || word === undefined) return;
    const guess = didYouMean(
      word,
      command.commands.map((part) => part.name()),
    );
    const advice = guess === undefined ? '' : `\n(Did you mean ${guess}?)`;
    command.error(`error: unknown command '${word}' of ${command.name()}${advice}`);
  });
}

/** No flag of the program itself takes a value: the first word is the command, or "help" before it. */
function calledIn(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  return first === 'help' ? second : first;
}
