import type { Random } from './random.js';

/** How a job uses the machine. */
export interface JobShape {
  /** Samples the CPU seconds of a job of that priority. */
  cpuSeconds: (priority: number) => number;
  /** I/O wait time over CPU time. */
  waitRatio: number;
  /** Mean CPU seconds between two I/O waits. */
  cpuTurnSeconds: number;
}

/**
 * Slots that share the cores of one replica: jobs on the CPU progress at equal speed, each at most one
 * core's, and wait for I/O in between without using any. Exact processor sharing: `#progress` is the
 * CPU time that a job would have got that was on the CPU all along.
 */
export class SharedCoreReplica {
  readonly #cores: number;
  readonly #job: JobShape;
  readonly #random: Random;
  /** Per busy slot: whether it is on the CPU; the progress or time at which its turn ends; CPU left. */
  readonly #onCpu: Uint8Array;
  readonly #turnEnds: Float64Array;
  readonly #cpuLeft: Float64Array;
  #busy = 0;
  #computing = 0;
  #progress = 0;
  #at = 0;
  #nextSlot = 0;
  /** When the next turn ends; Infinity when idle. */
  nextEventAt = Infinity;

  constructor(slots: number, cores: number, job: JobShape, random: Random) {
    this.#cores = cores;
    this.#job = job;
    this.#random = random;
    this.#onCpu = new Uint8Array(slots);
    this.#turnEnds = new Float64Array(slots);
    this.#cpuLeft = new Float64Array(slots);
  }

  get busy(): number {
    return this.#busy;
  }

  get free(): number {
    return this.#onCpu.length - this.#busy;
  }

  start(now: number, priority: number): void {
    this.#advance(now);
    this.#cpuLeft[this.#busy] = this.#job.cpuSeconds(priority);
    this.#compute(this.#busy++);
    this.#plan();
  }

  /** Lets the next turn end. Returns whether a job finished with it. */
  step(): boolean {
    this.#advance(this.nextEventAt);
    const slot = this.#nextSlot;
    let finished = false;
    if (this.#onCpu[slot] === 0) {
      this.#compute(slot);
    } else {
      this.#computing -= 1;
      finished = this.#cpuLeft[slot] === 0;
      if (finished) this.#remove(slot);
      else this.#waitForIo(slot);
    }
    this.#plan();
    return finished;
  }

  #advance(now: number): void {
    this.#progress += (now - this.#at) * this.#speed();
    this.#at = now;
  }

  /** CPU seconds that each job on the CPU gets in a second. */
  #speed(): number {
    return this.#computing <= this.#cores ? 1 : this.#cores / this.#computing;
  }

  /** A turn on the CPU, to the next I/O wait or to the job's end. */
  #compute(slot: number): void {
    const left = this.#cpuLeft[slot] as number;
    const turn = this.#job.waitRatio === 0 ? left : this.#turn();
    this.#onCpu[slot] = 1;
    this.#computing += 1;
    this.#turnEnds[slot] = this.#progress + Math.min(turn, left);
    this.#cpuLeft[slot] = Math.max(0, left - turn);
  }

  #waitForIo(slot: number): void {
    this.#onCpu[slot] = 0;
    this.#turnEnds[slot] = this.#at + this.#turn() * this.#job.waitRatio;
  }

  #turn(): number {
    return this.#random.exponential() * this.#job.cpuTurnSeconds;
  }

  #remove(slot: number): void {
    const last = --this.#busy;
    this.#onCpu[slot] = this.#onCpu[last] as number;
    this.#turnEnds[slot] = this.#turnEnds[last] as number;
    this.#cpuLeft[slot] = this.#cpuLeft[last] as number;
  }

  /** Finds the turn that ends first. */
  #plan(): void {
    const perSecond = this.#speed();
    this.nextEventAt = Infinity;
    for (let slot = 0; slot < this.#busy; slot++) {
      const end = this.#turnEnds[slot] as number;
      const at = this.#onCpu[slot] === 0 ? end : this.#at + (end - this.#progress) / perSecond;
      if (at >= this.nextEventAt) continue;
      this.nextEventAt = at;
      this.#nextSlot = slot;
    }
  }
}
