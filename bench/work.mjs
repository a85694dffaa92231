// The job bodies that all JavaScript sides share.

/** Computes for so many steps. */
export function compute(steps) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 31) + i) | 0;
  return x;
}

/** Steps that cost so many milliseconds of CPU time here. */
export function stepsFor(milliseconds) {
  compute(1e7);
  const steps = 3e8;
  const before = process.cpuUsage();
  compute(steps);
  const { user, system } = process.cpuUsage(before);
  return Math.round((steps * milliseconds) / ((user + system) / 1000));
}

/** Runs one job, given its name and input. */
export function runJob(name, input) {
  if (name === 'cpu') return compute(input.steps) === 0 ? 1 : null;
  // The clock that processes of one machine share, to the microsecond.
  if (name === 'stamp') return performance.timeOrigin + performance.now();
  return null;
}
