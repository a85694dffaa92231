import type { Settings } from '../../config/settings.js';
import type { SystemSnapshot } from '../../planning/snapshot.js';
import type { SystemFigures } from '../../planning/system-figures.js';
import type { ForeignScheduler } from '../../queues/foreign-schedulers.js';

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

export interface Examination {
  snapshot: SystemSnapshot;
  figures: SystemFigures;
  settings: Settings;
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
