import { DswError } from '../errors.js';
import type { Picture } from '../monitor/picture.js';
import type { ReplicaDecision } from '../planning/decide-replicas.js';
import type { DiagnosisReport } from '../monitor/doctor/diagnose.js';
import { wrapText } from './output.js';

/** What `dsw doctor` says. */
interface DoctorReport extends DiagnosisReport {
  /** How many replicas there should be; none where that can't be told. */
  advice?: Pick<ReplicaDecision, 'replicas' | 'reason' | 'limitedBy'>;
}

export function reportOf({ diagnosis, decision }: Picture): DoctorReport {
  const { replicas, reason, limitedBy } = decision;
  return { ...diagnosis, advice: { replicas, reason, limitedBy } };
}

/** A report for people. */
export function formatReport({ findings, checks, advice }: DoctorReport): string {
  const replicas = advice ? wrapText(`replicas: ${advice.reason}`, 10) : [];
  if (findings.length === 0) return [`${checks} checks, nothing found.`, ...replicas].join('\n');
  const blocks = findings.map(({ severity, title, evidence, consequence, fix }) =>
    [
      `${severity.toUpperCase()}: ${title}`,
      ...wrapText(`  seen: ${evidence}`, 8),
      ...wrapText(`  so:   ${consequence}`, 8),
      ...wrapText(`  fix:  ${fix}`, 8),
    ].join('\n'),
  );
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const summary = `${checks} checks: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}.`;
  return [...blocks, [summary, ...replicas].join('\n')].join('\n\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Redis that does not answer is a finding, the only one there can be. */
export function unreachableReport(error: unknown): DoctorReport {
  if (!(error instanceof DswError) || error.code !== 'unavailable') throw error;
  return {
    checks: 1,
    findings: [
      {
        check: 'redis-reachable',
        severity: 'error',
        title: "Redis can't be used",
        evidence: error.message,
        consequence: 'nothing can be enqueued or processed, and nothing else can be checked',
        fix: error.hint ?? 'start Redis, or set REDIS_URL to where it runs',
      },
    ],
  };
}
