import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { addSystemFlags, addStoreFlag, parseInterval } from '../flags.js';
import { checkAlerts, runDoctor, runStatus, watchAlerts } from '../watch-handlers.js';

export function registerStatus(command: Command): void {
  command
    .option('--json', 'print JSON')
    .option('--watch [seconds]', 'again every so often (default: 2)', parseInterval)
    .action(runStatus);
  addSystemFlags(command);
  withExamples(command, [
    'dsw status',
    'dsw status --json | jq .figures.waiting',
    'dsw status --watch 5',
  ]);
}

export function registerDoctor(command: Command): void {
  command.option('--json', 'print JSON').action(runDoctor);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, ['dsw doctor', 'dsw doctor --json | jq -r .findings[].title']);
}

export function registerAlerts(alerts: Command): void {
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
