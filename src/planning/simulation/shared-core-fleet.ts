import type { Random } from './random.js';
import type { SharedCoreReplica } from './shared-core-replica.js';
import type { Station } from './station.js';

/**
 * Replicas that take jobs from one set of queues, each whenever it has a free slot: which of them gets
 * the next job is up to chance.
 */
export class SharedCoreFleet implements Station {
  readonly #replicas: readonly SharedCoreReplica[];
  readonly #random: Random;
  #next: SharedCoreReplica;
  nextEventAt = Infinity;
  busy = 0;
  free: number;

  /** @param replicas at least one, all idle. */
  constructor(replicas: readonly [SharedCoreReplica, ...SharedCoreReplica[]], random: Random) {
    this.#replicas = replicas;
    this.#random = random;
    this.#next = replicas[0];
    this.free = replicas.reduce((sum, replica) => sum + replica.free, 0);
  }

  start(now: number, priority: number): void {
    this.#anyFree().start(now, priority);
    this.busy += 1;
    this.free -= 1;
    this.#plan();
  }

  step(): boolean {
    const finished = this.#next.step();
    if (finished) {
      this.busy -= 1;
      this.free += 1;
    }
    this.#plan();
    return finished;
  }

  #anyFree(): SharedCoreReplica {
    const start = Math.floor(this.#random.uniform() * this.#replicas.length);
    for (let i = 0; i < this.#replicas.length; i++) {
      const replica = this.#replicas[(start + i) % this.#replicas.length];
      if (replica !== undefined && replica.free > 0) return replica;
    }
    throw new Error('No free slot.');
  }

  #plan(): void {
    this.nextEventAt = Infinity;
    for (const replica of this.#replicas) {
      if (replica.nextEventAt >= this.nextEventAt) continue;
      this.nextEventAt = replica.nextEventAt;
      this.#next = replica;
    }
  }
}
