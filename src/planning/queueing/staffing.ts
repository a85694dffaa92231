import {
  requireNonNegative,
  requirePositive,
  requireProbability,
  requireWhole,
} from './arguments.js';
import { delayProbability } from './erlang.js';

/**
 * What a wait must keep, in terms of an M/M/c queue:
 * - `waitProbability`: P(wait) ≤ `most`;
 * - `meanWait`: mean wait ≤ `mostSeconds`;
 * - `waitQuantile`: a share `p` of the jobs waits at most `mostSeconds`.
 */
export type WaitTarget =
  | { kind: 'waitProbability'; most: number }
  | { kind: 'meanWait'; mostSeconds: number }
  | { kind: 'waitQuantile'; p: number; mostSeconds: number };

/**
 * Fewest servers that keep a target in an M/M/c queue (Erlang's delay formula, inverted by search:
 * each target improves with every server).
 * @param load jobs per second, and mean service time in seconds.
 * @returns a whole number of at least 1.
 */
export function fewestServers(
  load: { arrivalRate: number; serviceSeconds: number },
  target: WaitTarget,
): number {
  requireNonNegative('arrivalRate', load.arrivalRate);
  requirePositive('serviceSeconds', load.serviceSeconds);
  requireTarget(target);
  const offeredLoad = load.arrivalRate * load.serviceSeconds;
  return smallest(Math.floor(offeredLoad) + 1, (servers) =>
    meets(target, servers, offeredLoad, load.serviceSeconds),
  );
}

/**
 * Highest utilization at which that many servers keep a target in an M/M/c queue.
 * @param serviceSeconds mean service time.
 * @returns at least 0, below 1; accurate to 1e-12.
 */
export function highestUtilization(
  servers: number,
  serviceSeconds: number,
  target: WaitTarget,
): number {
  requireWhole('servers', servers);
  requirePositive('serviceSeconds', serviceSeconds);
  requireTarget(target);
  let met = 0;
  let missed = 1;
  while (missed - met > 1e-12) {
    const middle = (met + missed) / 2;
    if (meets(target, servers, middle * servers, serviceSeconds)) met = middle;
    else missed = middle;
  }
  return met;
}

function requireTarget(target: WaitTarget): void {
  if (target.kind === 'waitProbability') requireNonNegative('most', target.most);
  else requireNonNegative('mostSeconds', target.mostSeconds);
  if (target.kind === 'waitQuantile') requireProbability('p', target.p);
}

function meets(target: WaitTarget, servers: number, load: number, serviceSeconds: number): boolean {
  const pWait = delayProbability(servers, load);
  if (target.kind === 'waitProbability') return pWait <= target.most;
  const drainPerSecond = (servers - load) / serviceSeconds;
  if (target.kind === 'meanWait') return pWait <= target.mostSeconds * drainPerSecond;
  return pWait * Math.exp(-drainPerSecond * target.mostSeconds) <= 1 - target.p;
}

/** Least whole number from `from` on that passes, for a test that no larger number fails. */
function smallest(from: number, passes: (candidate: number) => boolean): number {
  let step = 1;
  let failed = from - 1;
  while (!passes(failed + step)) {
    failed += step;
    step *= 2;
  }
  let passed = failed + step;
  while (passed - failed > 1) {
    const middle = Math.floor((passed + failed) / 2);
    if (passes(middle)) passed = middle;
    else failed = middle;
  }
  return passed;
}
