/**
 * Waiting time that a job may spend leased in the worker instead of in its queue, at most about: so
 * long a slot may have its next jobs at hand. It hides the round trip to Redis for short jobs, and
 * is nothing to long ones. A more urgent job overtakes those at hand.
 */
const AT_HAND_MS = 40;
/**
 * Jobs that a slot is given in one message, at most, and how long they may take together: two jobs
 * of 10 ms in one message halve what each costs in wake-ups of three processes, some 1.5 ms.
 */
const MAX_BATCH = 16;
const BATCH_MS = 40;
/** Weight of the newest observation when it is shorter than expected. */
const SLOW_DECAY = 0.1;

/** What jobs of each task are expected to take, learnt from those that ran. Quick to grow, slow to shrink. */
export class ServiceTimes {
  readonly #byTask = new Map<string, number>();

  observe(task: string, serviceMs: number): void {
    this.#byTask.set(task, follow(this.expectedMs(task), serviceMs));
  }

  /** Infinity for a task that has not run yet. */
  expectedMs(task: string): number {
    return this.#byTask.get(task) ?? Infinity;
  }

  /** What jobs of these tasks take one after the other. */
  togetherMs(tasks: readonly string[]): number {
    let sum = 0;
    for (const task of tasks) sum += this.expectedMs(task);
    return sum;
  }

  /** Jobs worth having at hand for a slot that runs one of this task. */
  ahead(task: string): number {
    return Math.min(MAX_BATCH, Math.floor(AT_HAND_MS / this.expectedMs(task)));
  }

  /** How many of the first of these tasks belong in one message to a slot: at least one. */
  batchSize(tasks: readonly string[], fairShare: number): number {
    let expected = 0;
    let size = 0;
    for (const task of tasks.slice(0, Math.min(MAX_BATCH, fairShare))) {
      expected += this.expectedMs(task);
      if (size > 0 && expected > BATCH_MS) break;
      size += 1;
    }
    return size;
  }
}

function follow(expected: number, observed: number): number {
  if (expected === Infinity) return observed;
  if (observed > expected) return (expected + observed) / 2;
  return expected + SLOW_DECAY * (observed - expected);
}
