import type { Candidate } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { formatTable, type Column } from '../output.js';
import {
  deployment,
  figure,
  gigabytes,
  money,
  paragraph,
  percent,
  range,
  seconds,
} from './layout.js';

/** A row's deployment is the one that the answer is about. */
export function isChosen(candidate: Candidate, { chosen }: PlanResult): boolean {
  return (
    chosen !== null &&
    candidate.replicas === chosen.replicas &&
    candidate.concurrency === chosen.concurrency
  );
}

/** Table of all deployments that were weighed, the chosen one marked. */
export function candidateTable(result: PlanResult): string {
  const columns: Column<Candidate>[] = [
    { title: '', value: (row) => (isChosen(row, result) ? '>' : '') },
    { title: 'replicas', value: deployment },
    { title: 'slots', align: 'right', value: ({ slots }) => String(slots) },
    { title: 'docs/h', align: 'right', value: (row) => figure(row.capacityPerHour) },
    { title: 'busy', align: 'right', value: (row) => percent(row.utilization) },
    { title: 'P(wait)', align: 'right', value: ({ wait }) => percent(wait?.pWait) },
    { title: 'p95 wait', align: 'right', value: ({ wait }) => seconds(wait?.p95WaitSeconds) },
    { title: 'memory', align: 'right', value: memoryCell },
    { title: 'cost', align: 'right', value: ({ cost }) => figure(cost.perMonth.high, 0) },
    { title: 'verdict', value: ({ verdict }) => verdict },
  ];
  return formatTable(columns, result.candidates);
}

/** What the table's columns hold. */
export function tableLegend(result: PlanResult): string {
  const currency = result.candidates[0]?.cost.currency ?? '';
  return paragraph(
    '  ',
    `replicas × slots of each; docs/h at most; memory of a replica in GB, by either guide's model; ` +
      `cost in ${currency} a month, at most.`,
  );
}

function memoryCell({ memory }: Candidate): string {
  const { low } = memory.sharedMb;
  const most = Math.max(memory.sharedMb.high, memory.perProcessMb);
  if (memory.model === 'shared') return range(gigabytes(low), gigabytes(memory.sharedMb.high));
  if (memory.model === 'perProcess') return gigabytes(memory.perProcessMb);
  return range(gigabytes(low), gigabytes(most));
}

/** One reason for each deployment that was not chosen. */
export function notChosen(result: PlanResult): string[] {
  return result.candidates
    .filter((candidate) => !isChosen(candidate, result) && candidate.excuse !== undefined)
    .map((candidate) =>
      paragraph(`  ${deployment(candidate)}`, candidate.excuse?.sentence ?? '', 10),
    );
}

/** Cost against the 95th percentile of the wait, as one bar a deployment, cheapest first. */
export function costChart(result: PlanResult): string[] {
  const rows = result.candidates
    .filter(({ wait }) => wait !== undefined)
    .sort((a, b) => a.cost.perMonth.high - b.cost.perMonth.high);
  const waits = rows.map(({ wait }) => wait?.p95WaitSeconds ?? 0);
  const target = result.target.p95WaitSeconds;
  const longest = Math.max(target, ...waits.filter((wait) => wait <= 10 * target));
  const scale = (wait: number): number => Math.round((wait / longest) * BAR_COLUMNS);
  const lines = rows.map((row, i) => {
    const wait = waits[i] ?? 0;
    const cost = money(row.cost.perMonth).padStart(11);
    const mark = isChosen(row, result) ? '>' : ' ';
    const label = `${cost} ${mark}${deployment(row).padEnd(8)}`;
    return `${label} ${bar(wait, scale(wait), scale(target))} ${seconds(wait)}`;
  });
  return lines.length < 2
    ? []
    : [...lines, `${' '.repeat(22)}${' '.repeat(scale(target))}| target`];
}

const BAR_COLUMNS = 40;

function bar(wait: number, length: number, target: number): string {
  const shown = Math.min(length, BAR_COLUMNS);
  const bars =
    (length > BAR_COLUMNS ? `${'█'.repeat(shown - 1)}▶` : '█'.repeat(shown)) ||
    (wait > 0 ? '▏' : '');
  return bars.length > target ? bars : `${bars.padEnd(target)}|`;
}
