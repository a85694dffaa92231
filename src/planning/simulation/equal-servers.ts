import type { Station } from './station.js';

/** Servers that don't slow each other: a heap of the times at which running jobs end. */
export class EqualServers implements Station {
  readonly #endsAt: Float64Array;
  readonly #service: (priority: number) => number;
  #busy = 0;

  /** @param service samples seconds of service. */
  constructor(servers: number, service: (priority: number) => number) {
    this.#endsAt = new Float64Array(servers);
    this.#service = service;
  }

  get busy(): number {
    return this.#busy;
  }

  get free(): number {
    return this.#endsAt.length - this.#busy;
  }

  get nextEventAt(): number {
    return this.#busy === 0 ? Infinity : (this.#endsAt[0] as number);
  }

  start(now: number, priority: number): void {
    const end = now + this.#service(priority);
    let hole = this.#busy++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.#endsAt[parent] as number) <= end) break;
      this.#endsAt[hole] = this.#endsAt[parent] as number;
      hole = parent;
    }
    this.#endsAt[hole] = end;
  }

  step(): boolean {
    const last = this.#endsAt[--this.#busy] as number;
    let hole = 0;
    for (let child = 1; child < this.#busy; child = 2 * hole + 1) {
      const right = child + 1;
      const least = this.#endsAt[child] as number;
      if (right < this.#busy && (this.#endsAt[right] as number) < least) child = right;
      if ((this.#endsAt[child] as number) >= last) break;
      this.#endsAt[hole] = this.#endsAt[child] as number;
      hole = child;
    }
    this.#endsAt[hole] = last;
    return true;
  }
}
