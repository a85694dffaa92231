import { mixedService } from '../queueing/service-mix.js';
import { midOf, type Profile } from './profile.js';
import { servedQueues } from './served-queues.js';

/** One case of a profile: every interval at one value. */
export interface LoadPoint {
  /** Jobs an hour, on the average of a day without its bursts. */
  ratePerHour: number;
  /** Mean over the jobs of all queues. */
  serviceTimeMinutes: number;
  /** Over the jobs of all queues. */
  serviceTimeScv: number;
  waitRatio: number;
  /** Of each served queue, most urgent first: its service time over that mean. Absent: all alike. */
  queueFactors?: readonly number[];
}

/** The figures of a profile that a case fixes, as they stand in it. */
export type ProfileFigures = Omit<LoadPoint, 'queueFactors'>;

/** The fields of a profile that a case fixes. */
export const POINT_FIELDS = [
  'ratePerHour',
  'serviceTimeMinutes',
  'serviceTimeScv',
  'waitRatio',
] as const;

/** Every interval at its most likely value. */
export function midPoint(profile: Profile): LoadPoint {
  return pointAt(profile, midFigures(profile));
}

/** A case: queues with a service time of their own keep it, the others take the figures'. */
export function pointAt(profile: Profile, figures: ProfileFigures): LoadPoint {
  const queues = servedQueues(profile).map(({ given }) => given);
  const isOwn = queues.some(
    ({ serviceTimeMinutes, serviceTimeScv }) =>
      (serviceTimeMinutes ?? serviceTimeScv) !== undefined,
  );
  if (!isOwn) return figures;
  const times = queues.map((queue) => ({
    mean: queue.serviceTimeMinutes ?? figures.serviceTimeMinutes,
    scv: queue.serviceTimeScv ?? figures.serviceTimeScv,
  }));
  const { mean, scv } = mixedService(
    queues.map(({ share }) => share),
    times,
  );
  const queueFactors = times.map((time) => time.mean / mean);
  return { ...figures, serviceTimeMinutes: mean, serviceTimeScv: scv, queueFactors };
}

export function midFigures(profile: Profile): ProfileFigures {
  return {
    ratePerHour: midOf(profile.ratePerHour),
    serviceTimeMinutes: midOf(profile.serviceTimeMinutes),
    serviceTimeScv: midOf(profile.serviceTimeScv),
    waitRatio: midOf(profile.waitRatio),
  };
}

/** The longest p95 wait that is accepted: a quarter of the service time, unasked. */
export function targetSeconds({ target }: Profile, point: LoadPoint): number {
  return 60 * (target.p95WaitMinutes ?? point.serviceTimeMinutes / 4);
}
