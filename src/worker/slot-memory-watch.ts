import type { Occupation } from './occupation.js';
import type { SlotPool } from './slot-pool.js';
import type { ThreadProbe } from './thread-probe.js';

/**
 * Holds slots to their memory bound while they run a job: what a slot says that it holds afterwards
 * comes too late for a job that never ends, and for all others in its container.
 */
export class SlotMemoryWatch {
  readonly #slots: SlotPool;
  readonly #probe: ThreadProbe;
  readonly #limitMb: number;

  constructor(slots: SlotPool, probe: ThreadProbe, limitMb: number) {
    this.#slots = slots;
    this.#probe = probe;
    this.#limitMb = limitMb;
  }

  /** Ends each slot that holds too much, and with it the one job that it runs. */
  async look(): Promise<void> {
    await Promise.all(this.#slots.occupations.map((occupation) => this.#lookAt(occupation)));
  }

  async #lookAt({ slot }: Occupation): Promise<void> {
    const found = await this.#probe.measure(slot.thread);
    if (!found) return;
    slot.memoryMb = found.heldMb;
    if (found.heldMb <= this.#limitMb) return;
    // Garbage does not count, and what a job held that is done meanwhile is looked at by the pool.
    const kept = await this.#probe.measure(slot.thread, true);
    if (!kept?.jobId || kept.jobId !== found.jobId || kept.heldMb <= this.#limitMb) return;
    const held = `${Math.ceil(kept.heldMb)} MB of the ${this.#limitMb} MB`;
    void slot.stop(`it held ${held} that a slot may hold (--slot-memory-mb)`, 'once');
  }
}
