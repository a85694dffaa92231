import { InvalidArgumentError, Option, type Command } from 'commander';
import { withExamples } from '../examples.js';
import type { PlanFlags } from '../plan/plan-flags.js';

/** Flags that speak of a single plan. */
const OF_ONE_PLAN = ['documents', 'explain', 'gate', 'guide'];

export function registerPlan(command: Command): void {
  command
    .option('--profile <name|path>', 'traffic profile: low, medium, high, burst or a YAML file')
    .option('--replicas <n>', 'judge so many replicas', parseWhole)
    .option('--concurrency <n>', 'judge so many slots in each', parseWhole)
    .option('--documents <n>', 'also what so many documents uploaded at once will wait', parseWhole)
    .addOption(
      new Option('--compare <a...>', 'two deployments, such as 3x4 5x4, or two profiles').conflicts(
        [...OF_ONE_PLAN, 'sweep', 'replicas', 'concurrency'],
      ),
    )
    .addOption(
      new Option('--sweep <field=from..to>', 'plan over a range of one field').conflicts(
        OF_ONE_PLAN,
      ),
    )
    .option('--explain', 'also every formula with its numbers filled in, and its source')
    .option('--gate', 'exit code of the deployment in use (current:), for CI')
    .option('--guide', 'what the guides say, alone')
    .option('--json', 'print JSON (docs/plan-json.md)')
    .addOption(
      new Option('--csv', 'print the candidates as CSV').conflicts(['json', 'guide', 'explain']),
    )
    .action(async (flags: PlanFlags) => {
      const { runPlan } = await import('../plan/run-plan.js');
      process.exitCode = await runPlan(flags);
    });
  withExamples(command, [
    'dsw plan --profile medium',
    'dsw plan --profile medium --replicas 3 --concurrency 4 --explain',
    'dsw plan --profile medium --compare 3x4 5x4',
    'dsw plan --profile profile.yaml --sweep ratePerHour=10..100 --csv',
    'dsw plan --profile profile.yaml --gate   # in CI: does what runs now hold?',
  ]);
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('Expected a whole number from 1 to 100000.');
}
