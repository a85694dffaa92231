import { fft } from '../numerics/fft.js';
import { withGeometricTail, type QueueLengths } from './queue-lengths.js';

/**
 * Queue of an M/D/c system by Wiener–Hopf factorization on the unit circle: with the walk's step
 * φ(z) = z^(−c)·e^(a(z − 1)), the part of −ln(1 − φ) with positive powers of z is the exponent of the
 * queue's generating function (Spitzer 1956). The two zeros of 1 − φ that move into the circle at high
 * load, 1 and τ, are taken out first, so that a few hundred points give the rest to rounding: τ
 * becomes a geometric part of the law. Absolute error about 1e-15.
 */
export function queueByFactorization(servers: number, offeredLoad: number): QueueLengths {
  const points = 2 ** Math.ceil(Math.log2(96 * Math.sqrt(servers) + 96));
  const decay = outerZero(offeredLoad / servers);
  const rest = compoundLaw(positivePowers(servers, offeredLoad, decay, points));
  return withGeometricTail(addGeometric(rest, 1 / (1 + decay)), 1 / (1 + decay));
}

/** τ − 1 for the root τ > 1 of τ = e^(ρ(τ − 1)), by Newton's method from above. */
function outerZero(utilization: number): number {
  let x = utilization > 0.5 ? (4 * (1 - utilization)) / utilization : 3 - 3 * Math.log(utilization);
  x /= utilization > 0.5 ? 1 : utilization;
  for (let step = 0; step < 100; step++) {
    const next = x - (utilization * x - Math.log1p(x)) / (utilization - 1 / (1 + x));
    if (Math.abs(next - x) <= 1e-16 * x) return next;
    x = next;
  }
  return x;
}

/** Coefficients of z¹, z², … of −ln((1 − φ(z))/((1 − 1/z)(1 − z/τ))); place 0 is 0. */
function positivePowers(
  servers: number,
  offeredLoad: number,
  decay: number,
  points: number,
): Float64Array {
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  const factor = 1 / (1 + decay);
  re[0] = -Math.log((servers - offeredLoad) / (1 - factor));
  for (let i = 1; i <= points / 2; i++) {
    const angle = (2 * Math.PI * i) / points;
    const sin = Math.sin(angle);
    const versine = 2 * Math.sin(angle / 2) ** 2;
    // φ = e^(x + iy), with y = a·sin(angle) − c·angle written without cancellation at small angles.
    const x = -offeredLoad * versine;
    const y = (offeredLoad - servers) * angle - offeredLoad * angleMinusSine(angle);
    const stepRe = 2 * Math.sin(y / 2) ** 2 - Math.expm1(x) * Math.cos(y);
    const stepIm = -Math.exp(x) * Math.sin(y);
    const poleRe = 1 - factor + factor * versine;
    const poleIm = -factor * sin;
    re[i] =
      Math.log(versine * versine + sin * sin) / 2 +
      Math.log(poleRe * poleRe + poleIm * poleIm) / 2 -
      Math.log(stepRe * stepRe + stepIm * stepIm) / 2;
    im[i] = Math.atan2(sin, versine) + Math.atan2(poleIm, poleRe) - Math.atan2(stepIm, stepRe);
    re[points - i] = re[i] as number;
    im[points - i] = -(im[i] as number);
  }
  im[points / 2] = 0;
  fft(re, im, 'forward');
  const powers = new Float64Array(points / 2);
  for (let j = 1; j < powers.length; j++) powers[j] = (re[j] as number) / points;
  return powers;
}

/** x − sin x. */
function angleMinusSine(x: number): number {
  if (x > 0.3) return x - Math.sin(x);
  const s = x * x;
  return ((x * s) / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - (s / 72) * (1 - s / 110))));
}

/** Coefficients of exp(Σ h_j·(z^j − 1)). */
function compoundLaw(exponents: Float64Array): Float64Array {
  const points = 2 * exponents.length;
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  re.set(exponents);
  fft(re, im, 'forward');
  const atOne = re[0] as number;
  for (let i = 0; i < points; i++) {
    const size = Math.exp((re[i] as number) - atOne);
    const angle = im[i] as number;
    re[i] = size * Math.cos(angle);
    im[i] = size * Math.sin(angle);
  }
  fft(re, im, 'inverse');
  return re.subarray(0, exponents.length);
}

/** P(sum > j) of a law and a geometric variable with P(≥ 1) = `factor`, for each j of the law. */
function addGeometric(law: Float64Array, factor: number): Float64Array {
  const above = new Float64Array(law.length);
  for (let j = law.length - 2, rest = 0; j >= 0; j--) above[j] = rest += law[j + 1] as number;
  for (let j = 0, carried = 0; j < law.length; j++) {
    carried = factor * (carried + (law[j] as number));
    above[j] = (above[j] as number) + carried;
  }
  return above;
}
