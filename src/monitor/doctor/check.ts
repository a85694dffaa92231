import type { Settings } from '../../config/settings.js';
import type { AlertState } from '../../planning/alerts.js';
import type { ReplicaDecision } from '../../planning/decide-replicas.js';
import { limitSeverity, limitShare } from '../../planning/limit-share.js';
import { formatPercent } from '../../planning/readable.js';
import type { SystemSnapshot, WorkerSnapshot } from '../../planning/snapshot.js';
import type { SystemFigures } from '../../planning/system-figures.js';
import type { ForeignScheduler } from '../../queues/foreign-schedulers.js';
import type { Expected } from './expected.js';

/** What a check found: what is wrong, how that shows, what it leads to, and what cures it. */
export interface Finding {
  severity: 'error' | 'warning';
  title: string;
  evidence: string;
  consequence: string;
  /** The exact command or setting. */
  fix: string;
}

/** What can be found out beyond the snapshot; undefined where it could not be, or was not tried. */
export interface Facts {
  /** Worker ids that hold a connection to this Redis, of whatever prefix. */
  connectedWorkers: string[] | undefined;
  /** Whether Redis has save points, which the snapshot can't tell before the first save. */
  savesSnapshots: boolean | undefined;
  /** Whatever else sends periodic jobs. */
  foreignSchedulers: ForeignScheduler[] | undefined;
  /** This machine's clock minus Redis's. */
  clockSkewMs: number | undefined;
  /** Stored documents older than an hour that no job refers to. */
  orphanedDocuments: number | undefined;
}

/** All that the checks look at. */
export interface Examination {
  snapshot: SystemSnapshot;
  figures: SystemFigures;
  decision: ReplicaDecision;
  alerts: readonly AlertState[];
  settings: Settings;
  expected: Expected;
  facts: Facts;
}

export interface Check {
  id: string;
  look(examination: Examination): Finding[];
}

export const NO_FACTS: Facts = {
  connectedWorkers: undefined,
  savesSnapshots: undefined,
  foreignSchedulers: undefined,
  clockSkewMs: undefined,
  orphanedDocuments: undefined,
};

/** "worker-1 and worker-2", "a, b and 3 more". */
export function listOf(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return [names.slice(0, -1).join(', '), ...names.slice(-1)]
    .filter((part) => part !== '')
    .join(' and ');
}

/** "1 job waits", "3 jobs wait". */
export function jobsWait(count: number): string {
  return count === 1 ? '1 job waits' : `${count} jobs wait`;
}

/** Names of workers, for people. */
export function idsOf(workers: readonly WorkerSnapshot[]): string {
  return listOf(workers.map(({ id }) => id));
}

/** Workers that gave a sign of life lately. */
export function presentWorkers({ snapshot }: Pick<Examination, 'snapshot'>): WorkerSnapshot[] {
  return snapshot.workers.filter(({ state }) => state !== 'lost');
}

/** What every finding about a limit says: how near it is; undefined while there is room. */
export function nearLimit(
  used: number,
  limit: number,
  unit: string,
): (Pick<Finding, 'severity' | 'evidence'> & { share: number }) | undefined {
  const share = limitShare(used, limit);
  const severity = limitSeverity(share);
  if (severity === undefined) return undefined;
  const evidence = `${Math.round(used)} of ${Math.round(limit)} ${unit} (${formatPercent(share)})`;
  return { severity, evidence, share };
}
