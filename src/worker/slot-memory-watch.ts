import type { Occupation, SlotPool } from './slot-pool.js';
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

  async #lookAt(occupation: Occupation): Promise<void> {
    const { slot } = occupation;
    const { claimed } = slot.claims;
    const heldMb = await this.#measure(slot.thread);
    if (heldMb === undefined) return;
    const sameJob = this.#slots.occupations.includes(occupation) && slot.claims.claimed === claimed;
    if (!sameJob) return;
    slot.memoryMb = heldMb;
    if (heldMb <= this.#limitMb) return;
    const held = `${Math.round(heldMb)} MB of the ${this.#limitMb} MB`;
    await slot.stop(`it held ${held} that a slot may hold (--slot-memory-mb)`);
  }

  /** Above the limit, garbage does not count. */
  async #measure(thread: number): Promise<number | undefined> {
    const heldMb = await this.#probe.heldMb(thread);
    if (heldMb === undefined || heldMb <= this.#limitMb) return heldMb;
    return this.#probe.heldMb(thread, true);
  }
}
