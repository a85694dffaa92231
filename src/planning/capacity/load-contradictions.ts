import { ALERT_THRESHOLDS, SCALING_TRIGGERS } from '../guide/advice.js';
import type { Contradiction, GuideAnswer } from '../guide/guide-answer.js';
import { TRAFFIC_CLASSES } from '../guide/traffic-classes.js';
import { uploadsAtOnce } from '../guide/uploads.js';
import { formatSeconds } from '../readable.js';
import { midPoint, targetSeconds } from './load-point.js';
import type { Candidate } from './candidate.js';
import { intervalOf, type Profile } from './profile.js';

/** The guides' names, as they stand in an answer. */
export const SCALING = 'worker-scaling-guide';
export const LEVERS = 'concurrency-vs-replicas';

/** What a contradiction is judged by. */
export interface Answer {
  profile: Profile;
  guide: GuideAnswer;
  chosen: Candidate;
}

/** Each trigger as the wait of the document that trips it. */
export function triggers({ profile, chosen }: Answer): Contradiction {
  const { manual, automatic } = SCALING_TRIGGERS;
  const waitAbove = (queue: number): string =>
    formatSeconds(((queue + 1) / chosen.capacityPerHour) * 3600);
  const target = targetSeconds(profile, midPoint(profile));
  const late = ((automatic.addAboveQueue + 1) / chosen.capacityPerHour) * 3600 > target;
  const { fleet } = profile;
  return {
    topic: 'scaling triggers',
    sides: [
      {
        source: SCALING,
        says: `more replicas when high_priority holds over ${ALERT_THRESHOLDS.highPriorityQueueAbove}`,
      },
      {
        source: LEVERS,
        says:
          `over ${manual.addAboveQueue} waiting by hand, over ${automatic.addAboveQueue} by itself; ` +
          'fewer below 30 % busy, though its bands say so below 50 %',
      },
    ],
    effect:
      `On ${chosen.slots} slots ${automatic.addAboveQueue + 1} waiting are ` +
      `${waitAbove(automatic.addAboveQueue)} of wait, ${manual.addAboveQueue + 1} are ` +
      `${waitAbove(manual.addAboveQueue)}: ` +
      (late
        ? `all come after the target of ${formatSeconds(target)}.`
        : `the first comes within the target of ${formatSeconds(target)}.`),
    bearsOnAnswer: fleet.minReplicas < fleet.maxReplicas,
  };
}

/** The classes share their edges, and the first guide's set-up section has other replicas. */
export function classEdges({ profile, guide }: Answer): Contradiction {
  const { low, high } = intervalOf(profile.ratePerHour);
  const tops = TRAFFIC_CLASSES.flatMap(({ ratePerHour }) => ratePerHour ?? []);
  const isEdge = (rate: number): boolean => tops.filter((edge) => edge === rate).length > 1;
  const edges = [...new Set(tops.filter(isEdge))];
  const touched = edges.filter((edge) => edge >= low && edge <= high);
  const { low: setupLow, medium, high: setupHigh } = guide.setupReplicas;
  return {
    topic: 'class edges',
    sides: [
      {
        source: SCALING,
        says:
          `${edges.join(' and ')} an hour lie in two classes; set-up says ${span(...setupLow)}, ` +
          `${span(...medium)}, ${span(...setupHigh)} replicas, the scenarios 1, 3, 5`,
      },
      { source: LEVERS, says: 'the same edges, with 1, 2–3 and 5–10 replicas' },
    ],
    effect:
      touched.length === 0
        ? 'Your rate lies within one class.'
        : `At ${touched.join(' and ')} an hour the guides deploy ${atEdges(touched)}. The plan knows no classes.`,
    bearsOnAnswer: touched.length > 0,
  };
}

/** Slots that either class and guide gives for a rate at an edge: from the fewest to the most. */
function atEdges(rates: readonly number[]): string {
  return rates
    .map((rate) => {
      const slots = TRAFFIC_CLASSES.filter(({ ratePerHour }) =>
        ratePerHour?.includes(rate),
      ).flatMap(({ deployments }) => deployments.flatMap((deployment) => deployment.slots));
      return `${Math.min(...slots)} to ${Math.max(...slots)} slots`;
    })
    .join(' and ');
}

const UPLOADED = 10;
const UPLOAD_SLOTS = 4;

/** Ten uploads on four slots: the guide lets six wait “20 minutes each”. */
export function sixWaiting({ profile, chosen }: Answer): Contradiction {
  const { serviceTimeMinutes } = midPoint(profile);
  const seconds = serviceTimeMinutes * 60;
  const guides = uploadsAtOnce(UPLOADED, UPLOAD_SLOTS, () => seconds);
  const own = uploadsAtOnce(UPLOADED, chosen.slots, () => seconds);
  const ownWait =
    own.waiting === 0
      ? 'none waits'
      : `${own.waiting} wait, ${formatSeconds(own.longestWaitSeconds)} at most`;
  return {
    topic: 'six documents waiting “~20 min each”',
    sides: [
      { source: LEVERS, says: `10 uploads on 4 slots: 6 wait about 20 minutes each` },
      {
        source: LEVERS,
        says:
          `by its own slots 4 of them wait one service time and 2 wait two: ` +
          `${formatSeconds(guides.meanWaitOfWaitersSeconds)} on average, ` +
          `${formatSeconds(guides.longestWaitSeconds)} at most`,
      },
    ],
    effect:
      `With service times as random as they come, ${formatSeconds(guides.random.meanWaitOfWaitersSeconds)} ` +
      `on average. On your ${chosen.slots} slots ${ownWait}.`,
    bearsOnAnswer: profile.batchSize > 1 || profile.bursts.length > 0 || chosen.slots < UPLOADED,
  };
}

export function fullUse({ chosen }: Answer): Contradiction {
  return {
    topic: 'all slots busy',
    sides: [
      { source: LEVERS, says: '4 uploads on 4 slots, 100 % busy, are “perfect”' },
      { source: LEVERS, says: 'above 95 % queues build up: scale now' },
    ],
    effect: 'For a moment it is good use; on average, every wait grows without end.',
    bearsOnAnswer: chosen.utilization > 0.95,
  };
}

/** `2–3`, or `3`. */
export function span(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}
