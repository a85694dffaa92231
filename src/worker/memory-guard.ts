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

/**
 * Why so many slots do not fit, if so.
 * @param slotMemoryMb what one warm slot holds, measured.
 * @param processMemoryMb what the process holds besides slots.
 */
export function misfit(
  slots: number,
  slotMemoryMb: number,
  processMemoryMb: number,
  limitMb: number,
): string | undefined {
  const needMb = processMemoryMb + slots * slotMemoryMb;
  if (needMb <= limitMb) return undefined;
  const most = Math.max(0, Math.floor((limitMb - processMemoryMb) / slotMemoryMb));
  return (
    `${slots} slots of ${Math.round(slotMemoryMb)} MB beside ${Math.round(processMemoryMb)} MB need ` +
    `${Math.round(needMb)} MB, and there are ${Math.round(limitMb)} MB: at most ${most} fit`
  );
}
