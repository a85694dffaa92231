/**
 * ln(1 + v) − v without the cancellation near 0, for v > −1: with r = v/(2 + v) it is
 * −r·v + 2r³(1/3 + r²/5 + r⁴/7 + …) (Loader 2000, "Fast and accurate computation of binomial
 * probabilities").
 */
export function log1pMinus(v: number): number {
  if (v > 0.4 || v < -0.3) return Math.log1p(v) - v;
  const r = v / (2 + v);
  const s = r * r;
  let sum = 1 / 7 + s * (1 / 9 + s * (1 / 11 + s * (1 / 13)));
  if (s > 4e-4) {
    const higher = 1 / 19 + s * (1 / 21 + s * (1 / 23 + s * (1 / 25 + s * (1 / 27))));
    sum += s * s * s * s * (1 / 15 + s * (1 / 17 + s * higher));
  }
  return r * (2 * s * (1 / 3 + s * (1 / 5 + s * sum)) - v);
}
