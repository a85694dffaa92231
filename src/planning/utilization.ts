import { formatPercent } from './readable.js';

/** A band of measured or planned utilization, with what to do in it. */
export interface UtilizationBand {
  name: 'over-provisioned' | 'good' | 'high' | 'at capacity';
  advice: string;
}

/** Busy slots over all slots; 0 when there are none. */
export function utilizationOf(busySlots: number, slots: number): number {
  return slots > 0 ? busySlots / slots : 0;
}

interface Measured {
  utilization: number;
  /** Over the last five minutes. */
  lately: number | undefined;
  band: UtilizationBand;
}

/** `62 % in 5 m: good, room for a burst`; of this moment where that decides. */
export function describeUtilization({ utilization, lately, band }: Measured): string {
  const isLately = lately !== undefined && utilizationBand(lately).name === band.name;
  const share = isLately ? `${formatPercent(lately)} in 5 m` : formatPercent(utilization);
  return `${share}: ${band.name}, ${band.advice}`;
}

/** The guides' four bands: below 50 %, 50–80 %, 80–95 %, above 95 %. */
export function utilizationBand(utilization: number): UtilizationBand {
  if (utilization < 0.5) return { name: 'over-provisioned', advice: 'consider fewer replicas' };
  if (utilization <= 0.8) return { name: 'good', advice: 'room for a burst' };
  if (utilization <= 0.95) return { name: 'high', advice: 'consider another replica' };
  return { name: 'at capacity', advice: 'queues build up: scale now' };
}
