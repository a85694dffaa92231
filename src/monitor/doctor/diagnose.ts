import { ALERT_CHECKS } from './alert-checks.js';
import { BACKLOG_CHECKS } from './backlog-checks.js';
import type { Check, Examination, Finding } from './check.js';
import { LIMIT_CHECKS } from './limit-checks.js';
import { PLAN_CHECKS } from './plan-checks.js';
import { REDIS_CHECKS } from './redis-checks.js';
import { SCHEDULE_CHECKS } from './schedule-checks.js';
import { TASK_CHECKS } from './task-checks.js';
import { WORKER_CHECKS } from './worker-checks.js';

/** All there are. */
export const CHECKS: readonly Check[] = [
  ...WORKER_CHECKS,
  ...BACKLOG_CHECKS,
  ...TASK_CHECKS,
  ...LIMIT_CHECKS,
  ...PLAN_CHECKS,
  ...SCHEDULE_CHECKS,
  ...REDIS_CHECKS,
  ...ALERT_CHECKS,
];

/** A finding and the check that made it. */
export type Diagnosis = Finding & { check: string };

export interface DiagnosisReport {
  /** Errors first. */
  findings: Diagnosis[];
  /** How many checks were made. */
  checks: number;
}

/** Looks for everything that is known to go wrong: the one list of judgements, whoever shows it. */
export function diagnose(examination: Examination): DiagnosisReport {
  const findings = CHECKS.flatMap(({ id, look }) =>
    look(examination).map((finding) => ({ check: id, ...finding })),
  );
  findings.sort((a, b) => a.severity.localeCompare(b.severity));
  return { findings, checks: CHECKS.length };
}
