import type { QueueName } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { LeasedJob } from '../queues/leased-job.js';

/** Jobs that a worker has leased and no slot has begun, in the order in which they are to run. */
export class AtHand {
  readonly #queues: readonly QueueName[];
  readonly #order: QueueOrder;
  #jobs: LeasedJob[] = [];

  /** @param queues those served, most urgent first. */
  constructor(queues: readonly QueueName[], order: QueueOrder) {
    this.#queues = queues;
    this.#order = order;
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** The first that was there when a worker died: it has to run alone. */
  get suspect(): LeasedJob | undefined {
    return this.#jobs.find(isSuspect);
  }

  /** Whether such a job is the next. */
  get suspectIsNext(): boolean {
    const [next] = this.#jobs;
    return next !== undefined && isSuspect(next);
  }

  /** Names of the tasks of those that may run beside each other now. */
  get ready(): string[] {
    const suspect = this.#jobs.findIndex(isSuspect);
    return this.#jobs.slice(0, suspect < 0 ? undefined : suspect).map(({ task }) => task);
  }

  /** Enters jobs: an urgent one goes before less urgent ones that came earlier. */
  add(jobs: readonly LeasedJob[]): void {
    this.#jobs.push(...jobs);
    // Under weighted order, jobs were taken in the turns that they are to run in.
    if (this.#order === 'strict') {
      const rank = ({ queue }: LeasedJob): number => this.#queues.indexOf(queue);
      this.#jobs.sort((a, b) => rank(a) - rank(b));
    }
  }

  /** Takes the next ones out. */
  take(count: number): LeasedJob[] {
    return this.#jobs.splice(0, count);
  }

  /** Takes a certain one out, if it is here. */
  remove(id: string): LeasedJob | undefined {
    const at = this.#jobs.findIndex((job) => job.id === id);
    return at < 0 ? undefined : this.#jobs.splice(at, 1)[0];
  }
}

function isSuspect(job: LeasedJob): boolean {
  return job.deaths > 0;
}
