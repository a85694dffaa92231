import { ALERT_THRESHOLDS } from './guide/advice.js';

/** So near its end, a limit is about to do harm. */
const ERROR_SHARE = 0.95;

/** How much of a limit is in use: 0 to 1, and 0 where there is no limit. */
export function limitShare(used: number, limit: number): number {
  return limit > 0 ? used / limit : 0;
}

/** How a share of a limit is judged: by the guides' line for memory, and once more just below the end. */
export function limitSeverity(share: number): 'error' | 'warning' | undefined {
  if (share <= ALERT_THRESHOLDS.memoryAbove) return undefined;
  return share > ERROR_SHARE ? 'error' : 'warning';
}
