import type { Machine } from './machine.js';

/** Above the first share of its memory a worker takes no more jobs; below the second it does again. */
const HIGH = 0.8;
const LOW = 0.75;

/** Watches the memory that the worker may use, together with whatever shares it. */
export class MemoryGuard {
  readonly #machine: Machine;
  #pressed = false;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** @returns why the worker holds back, with the figures, or undefined. */
  look(): string | undefined {
    const { memoryMb } = this.#machine;
    const share = this.#machine.memoryInUseMb() / memoryMb;
    this.#pressed = share > (this.#pressed ? LOW : HIGH);
    if (!this.#pressed) return undefined;
    return `memory ${Math.round(share * 100)} % of ${Math.round(memoryMb)} MB in use`;
  }
}
