/**
 * Where a continuous function that falls from above `level` at 0 to below it crosses the level: a
 * bracket by doubling, then bisection mixed with the secant rule on the logarithm, in which the
 * tails of waiting times are nearly straight (Illinois variant: Dowell and Jarratt 1971).
 * @param scale a first guess of the size of the answer, above 0.
 * @returns accurate to a relative 1e-14.
 */
export function whereItFallsTo(f: (x: number) => number, level: number, scale: number): number {
  const height = (x: number): number => Math.log(Math.max(f(x), 1e-300) / level);
  let low = 0;
  let high = scale;
  let atLow = height(0);
  let atHigh = height(high);
  while (atHigh > 0) {
    low = high;
    atLow = atHigh;
    high *= 2;
    atHigh = height(high);
  }
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const secant = low + ((high - low) * atLow) / (atLow - atHigh);
    const x = step % 4 === 3 ? (low + high) / 2 : secant;
    const atX = height(x);
    if (atX > 0) {
      low = x;
      atLow = atX;
      atHigh /= 2;
    } else {
      high = x;
      atHigh = atX;
      atLow /= 2;
    }
    if (atX === 0) return x;
  }
  return (low + high) / 2;
}
