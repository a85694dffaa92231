import { gaussLegendre, type QuadratureRule } from '../numerics/gauss-legendre.js';
import { log1pMinus } from '../numerics/log1p-minus.js';
import { stirling } from '../numerics/poisson.js';
import { requireWhole, requireNonNegative } from './arguments.js';

/** Up to here the recursion is both exact to rounding and faster than the integral. */
const RECURSION_SERVERS = 160;
/** Where the integrand has fallen to e⁻³⁵ of its peak, it is over. */
const NEGLIGIBLE_EXPONENT = 35;
const NODES = 22;

/**
 * Erlang's loss formula: the share of jobs that find all servers busy when none may wait
 * (Erlang 1917). Relative error below 1e-12 for up to a million servers and any load.
 * @param servers c, a whole number of at least 0.
 * @param offeredLoad a = λ·E[S] in erlangs, at least 0.
 * @returns a probability.
 */
export function erlangB(servers: number, offeredLoad: number): number {
  requireWhole('servers', servers, 0);
  requireNonNegative('offeredLoad', offeredLoad);
  if (offeredLoad === 0) return servers === 0 ? 1 : 0;
  return blocking(servers, offeredLoad);
}

/**
 * Erlang's delay formula: the share of jobs that wait in an M/M/c queue (Erlang 1917;
 * C = B/(1 − ρ(1 − B))). 1 when the load is at or above the number of servers: then all wait.
 * Relative error below 1e-12 for up to a million servers.
 * @param servers c, a whole number of at least 1.
 * @param offeredLoad a = λ·E[S] in erlangs, at least 0.
 * @returns a probability.
 */
export function erlangC(servers: number, offeredLoad: number): number {
  requireWhole('servers', servers);
  requireNonNegative('offeredLoad', offeredLoad);
  return delayProbability(servers, offeredLoad);
}

/** {@link erlangC} for arguments that were checked before. */
export function delayProbability(servers: number, offeredLoad: number): number {
  if (offeredLoad >= servers) return 1;
  if (offeredLoad === 0) return 0;
  const blocked = blocking(servers, offeredLoad);
  const idle = (servers - offeredLoad) / servers;
  return blocked / (idle + (offeredLoad / servers) * blocked);
}

let knownRule: QuadratureRule | undefined;

/** Most plans have few servers and never need it. */
function rule(): QuadratureRule {
  return (knownRule ??= gaussLegendre(NODES));
}

/** B for a positive load. */
function blocking(servers: number, load: number): number {
  if (servers <= RECURSION_SERVERS) return byRecursion(servers, load);
  return load < servers ? peakInside(servers, load) : peakAtStart(servers, load);
}

/** 1/B as a sum of positive terms (Jagerman 1974, eq. 3). */
function byRecursion(servers: number, load: number): number {
  const perErlang = 1 / load;
  let inverse = 1;
  for (let n = 1; n <= servers; n++) inverse = 1 + inverse * n * perErlang;
  return 1 / inverse;
}

/*
 * For many servers: 1/B = ∫₀^∞ e^(−t)·(1 + t/a)^c dt (Fortet; Jagerman 1974, eq. 5), by one
 * Gauss–Legendre rule over the stretch where the integrand is not negligible. Exponents are
 * measured from the peak, where they have no cancellation.
 */

/**
 * Peak at t = c − a. With t = c − a + c·v the exponent is the peak's plus c·(ln(1 + v) − v). The
 * whole peak is known by Stirling's series; what lies left of t = 0 is integrated and taken off.
 */
function peakInside(servers: number, load: number): number {
  const start = (load - servers) / servers;
  const reach = NEGLIGIBLE_EXPONENT / servers;
  const from = (2 * reach) / 3 - Math.sqrt(2 * reach);
  const half = Math.max(0, start - from) / 2;
  const { nodes, weights } = rule();
  let cutOff = 0;
  for (let i = 0; half > 0 && i < NODES; i++) {
    const v = from + half * (1 + (nodes[i] as number));
    cutOff += (weights[i] as number) * Math.exp(servers * log1pMinus(v));
  }
  // In two halves, so that a result far below 1e-308 is rounded only once.
  const halfPeak = Math.exp((servers * log1pMinus(start)) / 2);
  return (halfPeak / (stirling(servers) - servers * half * cutOff)) * halfPeak;
}

/** Peak at t = 0. With t = a·u the exponent is c·(ln(1 + u) − u) − (a − c)·u. */
function peakAtStart(servers: number, load: number): number {
  const reach = NEGLIGIBLE_EXPONENT / servers;
  const spread = Math.sqrt(2 * reach) + (2 * reach) / 3;
  const half = Math.min(spread, NEGLIGIBLE_EXPONENT / (load - servers)) / 2;
  const { nodes, weights } = rule();
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    const u = half * (1 + (nodes[i] as number));
    sum += (weights[i] as number) * Math.exp(servers * log1pMinus(u) - (load - servers) * u);
  }
  return 1 / (load * sum * half);
}
