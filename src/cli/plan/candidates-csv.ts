import type { Candidate } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { isChosen } from './candidates.js';

type Cell = string | number | boolean | undefined;

const COLUMNS: Record<string, (candidate: Candidate, result: PlanResult) => Cell> = {
  chosen: isChosen,
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

/** Lines of comma-separated values (RFC 4180). */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(csvCell).join(',')).join('\r\n');
}

/** All candidates, a line each; a wait that grows without bound is an empty cell. */
export function candidatesCsv(result: PlanResult): string {
  return csvLines([
    Object.keys(COLUMNS),
    ...result.candidates.map((row) => Object.values(COLUMNS).map((read) => read(row, result))),
  ]);
}

function csvCell(value: Cell): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
