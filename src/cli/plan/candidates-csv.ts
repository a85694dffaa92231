import type { Candidate } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { isChosen } from './candidates.js';

type Cell = string | number | boolean | undefined;

const COLUMNS: Record<string, (candidate: Candidate) => Cell> = {
  replicas: ({ replicas }) => replicas,
  concurrency: ({ concurrency }) => concurrency,
  slots: ({ slots }) => slots,
  capacityPerHour: ({ capacityPerHour }) => capacityPerHour,
  utilization: ({ utilization }) => utilization,
  pWait: ({ wait }) => wait?.pWait,
  meanWaitSeconds: ({ wait }) => wait?.meanWaitSeconds,
  p95WaitSeconds: ({ wait }) => wait?.p95WaitSeconds,
  backlogGrowthPerHour: ({ backlogGrowthPerHour }) => backlogGrowthPerHour,
  memorySharedMb: ({ memory }) => memory.sharedMb.mid,
  memoryPerProcessMb: ({ memory }) => memory.perProcessMb,
  costPerMonthLow: ({ cost }) => cost.perMonth.low,
  costPerMonthHigh: ({ cost }) => cost.perMonth.high,
  verdict: ({ verdict }) => verdict,
};

/** All candidates, a line each; a wait that grows without bound is an empty cell. */
export function candidatesCsv(result: PlanResult): string {
  return csvLines([
    ['chosen', ...Object.keys(COLUMNS)],
    ...result.candidates.map((row) => [isChosen(row, result), ...cellsOf(row)]),
  ]);
}

/** The answer at each value of a field, a line each; empty cells where there is none. */
export function answersCsv(
  field: string,
  rows: readonly { value: number | string; result: PlanResult }[],
): string {
  return csvLines([
    [field, ...Object.keys(COLUMNS)],
    ...rows.map(({ value, result }) => [value, ...answerCells(result)]),
  ]);
}

function answerCells({ chosen, verdict }: PlanResult): Cell[] {
  if (chosen) return cellsOf(chosen);
  return Object.keys(COLUMNS).map((name) => (name === 'verdict' ? verdict : undefined));
}

function cellsOf(candidate: Candidate): Cell[] {
  return Object.values(COLUMNS).map((read) => read(candidate));
}

/** Lines of comma-separated values (RFC 4180). */
function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(csvCell).join(',')).join('\r\n');
}

function csvCell(value: Cell): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
