import type { QueueName } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { LeasedJob } from '../queues/leased-job.js';

/**
 * Jobs that a worker has leased and no slot has begun, in the order in which they are to run.
 * Suspects, which were there when a worker died, are kept apart: each has to run alone.
 */
export class AtHand {
  readonly #queues: readonly QueueName[];
  readonly #order: QueueOrder;
  #jobs: LeasedJob[] = [];
  #suspects: LeasedJob[] = [];

  /** @param queues those served, most urgent first. */
  constructor(queues: readonly QueueName[], order: QueueOrder) {
    this.#queues = queues;
    this.#order = order;
  }

  /** How many there are, without suspects. */
  get length(): number {
    return this.#jobs.length;
  }

  /** The suspect that is to run first. */
  get suspect(): LeasedJob | undefined {
    return this.#suspects[0];
  }

  /** Whether its turn comes before that of all others. */
  get suspectIsNext(): boolean {
    const [suspect, job] = [this.#suspects[0], this.#jobs[0]];
    if (!suspect || !job || this.#order === 'weighted') return suspect !== undefined;
    return this.#rank(suspect) <= this.#rank(job);
  }

  /** Names of the tasks of those that may run beside each other. */
  get tasks(): string[] {
    return this.#jobs.map(({ task }) => task);
  }

  /** Enters jobs: an urgent one goes before less urgent ones that came earlier. */
  add(jobs: readonly LeasedJob[]): void {
    for (const job of jobs) (job.deaths > 0 ? this.#suspects : this.#jobs).push(job);
    // Under weighted order, jobs were taken in the turns that they are to run in.
    if (this.#order === 'weighted') return;
    for (const list of [this.#jobs, this.#suspects])
      list.sort((a, b) => this.#rank(a) - this.#rank(b));
  }

  /** Takes the next ones out. */
  take(count: number): LeasedJob[] {
    return this.#jobs.splice(0, count);
  }

  takeSuspects(count: number): LeasedJob[] {
    return this.#suspects.splice(0, count);
  }

  /** Takes a certain one out, if it is here. */
  remove(id: string): LeasedJob | undefined {
    for (const list of [this.#jobs, this.#suspects]) {
      const at = list.findIndex((job) => job.id === id);
      if (at >= 0) return list.splice(at, 1)[0];
    }
    return undefined;
  }

  #rank({ queue }: LeasedJob): number {
    return this.#queues.indexOf(queue);
  }
}
