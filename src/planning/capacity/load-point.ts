import { midOf, type Profile } from './profile.js';

/** One case of a profile: every interval at one value. */
export interface LoadPoint {
  /** Jobs an hour, on the average of a day without its bursts. */
  ratePerHour: number;
  serviceTimeMinutes: number;
  serviceTimeScv: number;
  waitRatio: number;
}

/** The fields of a profile that a case fixes. */
export const POINT_FIELDS = [
  'ratePerHour',
  'serviceTimeMinutes',
  'serviceTimeScv',
  'waitRatio',
] as const;

export function midPoint(profile: Profile): LoadPoint {
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
