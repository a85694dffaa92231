import { decideReplicas, type ReplicaDecision } from '../planning/decide-replicas.js';
import type { QueueNorms } from '../planning/queue-norm.js';
import type { ScalingPolicy } from '../planning/scaling-policy.js';
import type { SystemSnapshot } from '../planning/snapshot.js';
import { systemFigures, type SystemFigures } from '../planning/system-figures.js';
import { concernsOf, type Concern } from './concerns.js';

/** By what a picture is judged. */
export interface Standards {
  policy: ScalingPolicy;
  norms: QueueNorms;
}

/** A snapshot with all that is shown of it worked out. */
export interface Picture {
  snapshot: SystemSnapshot;
  figures: SystemFigures;
  norms: QueueNorms;
  decision: ReplicaDecision;
  concerns: Concern[];
}

/** @param before the picture of the snapshot before, whose decision this one's goes on from. */
export function takePicture(
  snapshot: SystemSnapshot,
  { policy, norms }: Standards,
  before: Picture | undefined,
): Picture {
  const figures = systemFigures(snapshot);
  return {
    snapshot,
    figures,
    norms,
    decision: decideReplicas(snapshot, policy, before?.decision.memory),
    concerns: concernsOf(snapshot, figures, norms),
  };
}
