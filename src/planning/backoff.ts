/**
 * Delay before the next try of a job: exponential with full jitter, so that jobs which failed
 * together do not come back together (Brooker 2015, "Exponential Backoff and Jitter").
 * @param attemptsMade tries that failed so far, from 1.
 * @param random uniform in [0, 1).
 * @returns seconds in [0, min(maxSeconds, baseSeconds · 2^(attemptsMade − 1))).
 */
export function backoffSeconds(
  attemptsMade: number,
  policy: { baseSeconds: number; maxSeconds: number },
  random: number,
): number {
  const ceiling = Math.min(policy.maxSeconds, policy.baseSeconds * 2 ** (attemptsMade - 1));
  return ceiling * random;
}
