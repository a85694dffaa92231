import { deterministicWait, type DeterministicWait } from './deterministic-service.js';
import { delayProbability } from './erlang.js';

/** Waiting in an M/G/c queue, in units of the mean service time. */
export interface GeneralWait {
  pWait: number;
  mean: number;
  /** Mean wait over that of M/M/c at the same load. */
  factor: number;
  /** The exact M/D/c queue at the same load. */
  deterministic: DeterministicWait;
  /** The exact M/M/c queue at the same load. */
  exponential: { pWait: number; mean: number; meanOfDelayed: number };
}

/**
 * M/G/c between the exact M/M/c and the exact M/D/c by harmonic interpolation: the mean wait by
 * Kimura 1986, "A two-moment approximation for the mean waiting time in the GI/G/s queue", eq. 3.6,
 * P(wait) likewise. The mean is exact for scv 0 and 1 and for one server; elsewhere, beside exact
 * M/E₂/c and M/H₂/c, it is within 5 % up to scv 2, 8 % at scv 4 and 29 % at scv 9; P(wait) within 1.5 %.
 * @param offeredLoad erlangs, above 0 and below `servers`.
 */
export function generalWait(servers: number, offeredLoad: number, scv: number): GeneralWait {
  const meanOfDelayed = 1 / (servers - offeredLoad);
  const pWait = delayProbability(servers, offeredLoad);
  const exponential = { pWait, mean: pWait * meanOfDelayed, meanOfDelayed };
  const deterministic = deterministicWait(servers, offeredLoad);
  const factor = harmonicFactor(deterministic.mean / exponential.mean, scv);
  return {
    pWait: pWait * harmonicFactor(deterministic.pWait / pWait, scv),
    mean: factor * exponential.mean,
    factor,
    deterministic,
    exponential,
  };
}

/** Mean wait of M/G/c over that of M/M/c at the same load. */
export function waitFactor(servers: number, offeredLoad: number, scv: number): number {
  return scv === 1 ? 1 : generalWait(servers, offeredLoad, scv).factor;
}

/** @param atZero the value at scv 0 over that at scv 1; NaN or 0 where waits are too rare to tell. */
function harmonicFactor(atZero: number, scv: number): number {
  return atZero > 0 ? (1 + scv) / (2 * scv + (1 - scv) / atZero) : 1;
}
