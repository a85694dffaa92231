import type { Machine } from './machine.js';

/** Above the first share of its memory a worker takes no more jobs; below the second it does again. */
const HIGH = 0.8;
const LOW = 0.75;

export interface MemoryGuardOptions {
  machine: Machine;
  /** Told when memory gets short, with the figures, and `undefined` when it no longer is. */
  onPressure(reason: string | undefined): void;
}

/** Watches the memory that the worker may use, together with whatever shares it. */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  #pressed = false;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  /** @returns why the worker holds back, or undefined. */
  look(): string | undefined {
    const { machine, onPressure } = this.#options;
    const inUseMb = machine.memoryInUseMb();
    const share = inUseMb / machine.memoryMb;
    const pressed = share > (this.#pressed ? LOW : HIGH);
    const reason = pressed
      ? `memory ${Math.round(share * 100)} % of ${Math.round(machine.memoryMb)} MB in use`
      : undefined;
    if (pressed !== this.#pressed) onPressure(reason);
    this.#pressed = pressed;
    return reason;
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
