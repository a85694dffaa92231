import type { SystemSnapshot } from './snapshot.js';

const MINUTE_MS = 60_000;
/** Full minutes, beside the one under way, that tell how busy it has been lately. */
const LATELY_MINUTES = 5;
/** Less says nothing that the moment itself does not. */
const FEWEST_MS = 30_000;

type History = Pick<SystemSnapshot, 'at' | 'minutes' | 'workers'>;

interface Stretch {
  from: number;
  to: number;
  /** Milliseconds of slots that were busy in it. */
  busyMs: number;
}

/**
 * Slots that were busy on average in each minute, oldest first, the one under way last; undefined
 * where nobody counted. Told by the jobs that ended, each taken to have ended in the middle of its
 * minute after the mean time of its task, and by those that run.
 */
export function busySlotsPerMinute(history: History): (number | undefined)[] {
  return stretchesOf(history).map((stretch) =>
    stretch && stretch.to > stretch.from ? stretch.busyMs / (stretch.to - stretch.from) : undefined,
  );
}

/** The same over the last minutes; undefined while too little is known. */
export function busySlotsLately(history: History): number | undefined {
  const known = stretchesOf(history)
    .slice(-LATELY_MINUTES - 1)
    .filter((stretch) => stretch !== undefined);
  const ms = known.reduce((sum, { from, to }) => sum + to - from, 0);
  const busyMs = known.reduce((sum, stretch) => sum + stretch.busyMs, 0);
  return ms < FEWEST_MS ? undefined : busyMs / ms;
}

function stretchesOf({ at, minutes, workers }: History): (Stretch | undefined)[] {
  const first = minutes.findIndex(({ queues }) => queues.size > 0);
  const stretches = minutes.map(({ startsAt, since }, i): Stretch | undefined => {
    if (first < 0 || i < first) return undefined;
    const from = i === first ? Math.max(startsAt, since) : startsAt;
    return { from, to: Math.min(startsAt + MINUTE_MS, at), busyMs: 0 };
  });
  const occupy = (from: number, to: number, slots: number): void => {
    for (const stretch of stretches) {
      if (!stretch) continue;
      const overlap = Math.min(to, stretch.to) - Math.max(from, stretch.from);
      if (overlap > 0) stretch.busyMs += overlap * slots;
    }
  };
  for (const [i, { tasks }] of minutes.entries()) {
    const stretch = stretches[i];
    if (!stretch) continue;
    const ended = (stretch.from + stretch.to) / 2;
    for (const { service } of tasks.values())
      if (service.count > 0)
        occupy(ended - (service.sumSeconds * 1000) / service.count, ended, service.count);
  }
  for (const { state, running } of workers)
    if (state !== 'lost') for (const { startedAt } of running) occupy(startedAt, at, 1);
  return stretches;
}
