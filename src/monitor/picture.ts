import type { Settings } from '../config/settings.js';
import { evaluateAlerts, type AlertMemory, type AlertState } from '../planning/alerts.js';
import { decideReplicas, type ReplicaDecision } from '../planning/decide-replicas.js';
import { recallScaling } from '../planning/scaling-recall.js';
import type { SystemSnapshot } from '../planning/snapshot.js';
import { systemFigures, type SystemFigures } from '../planning/system-figures.js';
import { alertRules, alertSubject } from './alerts/alert-rules.js';
import { NO_FACTS, type Facts } from './doctor/check.js';
import { diagnose, type DiagnosisReport } from './doctor/diagnose.js';
import type { Expected } from './doctor/expected.js';

/** By what a snapshot is judged. */
export interface Standards {
  settings: Settings;
  expected: Expected;
}

/** A snapshot with all that is made of it: what every view shows. */
export interface Picture {
  snapshot: SystemSnapshot;
  figures: SystemFigures;
  decision: ReplicaDecision;
  alerts: AlertState[];
  diagnosis: DiagnosisReport;
  standards: Standards;
}

/**
 * Judges a snapshot.
 * @param before the picture of the snapshot before: its decision and its alerts go on. Without one,
 *   a decision goes on from what the snapshot's own history tells.
 * @param facts what is known beyond the snapshot.
 */
export function takePicture(
  snapshot: SystemSnapshot,
  standards: Standards,
  { before, facts = NO_FACTS }: { before?: Picture | undefined; facts?: Facts } = {},
): Picture {
  const { settings, expected } = standards;
  const figures = systemFigures(snapshot);
  const policy = settings.scaling.byHand;
  const memory = before?.decision.memory ?? recallScaling(snapshot, policy);
  const decision = decideReplicas(snapshot, policy, memory);
  const alerts = evaluateAlerts(
    alertRules(settings),
    alertSubject(snapshot, figures, expected),
    memoriesOf(before),
  );
  const diagnosis = diagnose({ snapshot, figures, decision, alerts, settings, expected, facts });
  return { snapshot, figures, decision, alerts, diagnosis, standards };
}

function memoriesOf(before: Picture | undefined): Map<string, AlertMemory> {
  return new Map(before?.alerts.map(({ rule, memory }) => [rule.name, memory]));
}
