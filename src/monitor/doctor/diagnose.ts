import { BACKLOG_CHECKS } from './backlog-checks.js';
import type { Examination, Finding } from './check.js';
import { LIMIT_CHECKS } from './limit-checks.js';
import { SYSTEM_CHECKS } from './system-checks.js';
import { WORKER_CHECKS } from './worker-checks.js';

const CHECKS = [...WORKER_CHECKS, ...BACKLOG_CHECKS, ...LIMIT_CHECKS, ...SYSTEM_CHECKS];

/** A finding and the check that made it. */
export type Diagnosis = Finding & { check: string };

export interface DiagnosisReport {
  /** Errors first. */
  findings: Diagnosis[];
  /** How many checks were made. */
  checks: number;
}

/** Looks for everything that is known to go wrong. */
export function diagnose(examination: Examination): DiagnosisReport {
  const findings = CHECKS.flatMap(({ id, look }) =>
    look(examination).map((finding) => ({ check: id, ...finding })),
  );
  findings.sort((a, b) => a.severity.localeCompare(b.severity));
  return { findings, checks: CHECKS.length };
}
