import { whereItFallsTo } from '../numerics/decreasing-root.js';
import { requireProbability } from './arguments.js';

/** A wait that is 0 but for a share `pWait`, and longer than x with probability `tail(x)`. */
export interface TailedWait {
  pWait: number;
  tail(x: number): number;
}

/**
 * What a share p does not wait longer than, in the unit of x.
 * @param scale a first guess of its size, above 0.
 */
export function tailQuantile(p: number, { pWait, tail }: TailedWait, scale: number): number {
  requireProbability('p', p);
  return pWait <= 1 - p ? 0 : whereItFallsTo(tail, 1 - p, scale);
}
