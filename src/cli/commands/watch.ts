import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { addSystemFlags, addStoreFlag, parseSeconds } from '../flags.js';
import { checkAlerts, runDoctor, runStatus, watchAlerts } from '../watch-handlers.js';

export function registerStatus(program: Command): void {
  const command = program
    .command('status')
    .description('the state of the system, once; exit code 1 when there is an error')
    .option('--json', 'print JSON')
    .option('--watch [seconds]', 'again every so often (default: 2)', parseSeconds)
    .action(runStatus);
  addSystemFlags(command);
  withExamples(command, [
    'dsw status',
    'dsw status --json | jq .figures.waiting',
    'dsw status --watch 5',
  ]);
}

export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('look for what goes wrong, and say how to put it right; exit code 1 on errors')
    .option('--json', 'print JSON')
    .action(runDoctor);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, ['dsw doctor', 'dsw doctor --json | jq -r .findings[].title']);
}

export function registerAlerts(program: Command): void {
  const alerts = program.command('alerts').description('judge the alert rules of dsw.yaml');
  withExamples(alerts, ['dsw alerts check', 'dsw alerts watch']);
  const check = alerts
    .command('check')
    .description('once; exit code 1 when the condition of an error holds')
    .option('--json', 'print JSON')
    .action(checkAlerts);
  const watch = alerts
    .command('watch')
    .description('until stopped; sends what fires and what is resolved, once however many watch')
    .action(watchAlerts);
  withExamples(addSystemFlags(check), ['dsw alerts check', 'dsw alerts check --json']);
  withExamples(addSystemFlags(watch), ['dsw alerts watch', 'dsw alerts watch --config dsw.yaml']);
}
