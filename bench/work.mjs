// The job bodies that all JavaScript sides share.

/** Computes for so many steps. */
export function compute(steps) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 31) + i) | 0;
  return x;
}

/**
 * Steps that cost so many milliseconds of CPU time here, by the fastest of several looks: on a busy
 * machine the compiler takes its time, and the first ones run uncompiled.
 */
export function stepsFor(milliseconds) {
  const steps = 2e7;
  let fastest = Infinity;
  for (let look = 0; look < 25; look++) {
    const before = process.cpuUsage();
    compute(steps);
    const { user, system } = process.cpuUsage(before);
    fastest = Math.min(fastest, user + system);
  }
  return Math.round((steps * milliseconds) / (fastest / 1000));
}

/** Runs one job, given its name and input. */
export function runJob(name, input) {
  if (name === 'cpu') return compute(input.steps) === 0 ? 1 : null;
  // The clock that processes of one machine share, to the microsecond.
  if (name === 'stamp') return performance.timeOrigin + performance.now();
  return null;
}
