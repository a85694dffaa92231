import type { QueueName } from './queue-names.js';

/**
 * `strict`: a queue is served only when all more urgent ones are empty. `weighted`: queues with
 * work share the slots by weight, so that none starves.
 */
export type QueueOrder = 'strict' | 'weighted';

/** Shares of the queues under `weighted`: of 15 jobs, maintenance gets at least one when it has one. */
const QUEUE_WEIGHTS: Readonly<Record<QueueName, number>> = {
  high_priority: 8,
  default: 4,
  low_priority: 2,
  maintenance: 1,
};

/**
 * Says for each job to come which queue to try first. Weighted turns are dealt out evenly (smooth
 * weighted round robin): between two turns of a queue of weight w lie less than W/w + 1 turns, W
 * being the sum of all weights.
 */
export class TurnOrder {
  readonly #queues: readonly QueueName[];
  readonly #order: QueueOrder;
  readonly #credit: Map<QueueName, number>;

  /** @param queues those served, most urgent first. */
  constructor(queues: readonly QueueName[], order: QueueOrder) {
    this.#queues = queues;
    this.#order = order;
    this.#credit = new Map(queues.map((queue) => [queue, 0]));
  }

  /** The queues to try first for the next `jobs` jobs. */
  next(jobs: number): QueueName[] {
    return Array.from({ length: jobs }, () =>
      this.#order === 'strict' ? this.#mostUrgent() : this.#weighted(),
    );
  }

  #mostUrgent(): QueueName {
    return this.#queues[0] ?? 'default';
  }

  #weighted(): QueueName {
    let best = this.#mostUrgent();
    let sum = 0;
    for (const queue of this.#queues) {
      sum += QUEUE_WEIGHTS[queue];
      this.#credit.set(queue, this.#of(queue) + QUEUE_WEIGHTS[queue]);
      if (this.#of(queue) > this.#of(best)) best = queue;
    }
    this.#credit.set(best, this.#of(best) - sum);
    return best;
  }

  #of(queue: QueueName): number {
    return this.#credit.get(queue) ?? 0;
  }
}
