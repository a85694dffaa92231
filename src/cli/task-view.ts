import { relative } from 'node:path';
import { formatSeconds } from '../planning/readable.js';
import type { TaskFacts } from '../tasks/task-modules.js';
import { formatTable, type Column } from './output.js';

const COLUMNS: Column<TaskFacts>[] = [
  { title: 'TASK', value: ({ name }) => name },
  { title: 'TRIES', align: 'right', value: ({ retry }) => String(retry?.attempts ?? '–') },
  { title: 'SOFT', align: 'right', value: ({ softLimitSeconds }) => seconds(softLimitSeconds) },
  { title: 'HARD', align: 'right', value: ({ hardLimitSeconds }) => seconds(hardLimitSeconds) },
  { title: 'FROM', value: ({ module }) => (module === undefined ? 'dsw' : relative('', module)) },
];

const seconds = (limit: number | undefined): string =>
  limit === undefined ? '–' : formatSeconds(limit);

/** Tasks as a table; what a task leaves open (–), the settings say under "jobs". */
export function formatTasks(tasks: readonly TaskFacts[]): string {
  return formatTable(COLUMNS, tasks);
}
