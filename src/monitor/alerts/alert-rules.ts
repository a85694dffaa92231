import type { Settings } from '../../config/settings.js';
import { BUILT_IN_ALERTS, type AlertRule } from '../../planning/alerts.js';
import type { AlertSubject } from '../../planning/alert-metrics.js';
import { keptReplicas } from '../../planning/scale-command.js';
import { unreplacedWorkers } from '../../planning/scaling-load.js';
import type { SystemSnapshot } from '../../planning/snapshot.js';
import type { SystemFigures } from '../../planning/system-figures.js';
import type { Expected } from '../doctor/expected.js';

/** The rules in force; one of the user's replaces a built-in one of the same name. */
export function alertRules({ alerts }: Settings): AlertRule[] {
  const own = new Set(alerts.rules.map(({ name }) => name));
  const builtIn = alerts.builtIn ? BUILT_IN_ALERTS.filter(({ name }) => !own.has(name)) : [];
  return [...builtIn, ...alerts.rules];
}

/**
 * What the rules judge. Where nobody says how many workers there should be, those are missing that a
 * supervisor has to keep, and lost ones in whose place none was started.
 */
export function alertSubject(
  snapshot: SystemSnapshot,
  figures: SystemFigures,
  expected: Expected,
): AlertSubject {
  const there = figures.capacity.workers.running + unreplacedWorkers(snapshot);
  const expectedWorkers = expected.workers ?? Math.max(there, keptReplicas(snapshot));
  return { snapshot, figures, expectedWorkers };
}
