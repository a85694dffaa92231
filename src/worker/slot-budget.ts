import { DswError } from '../errors.js';
import type { Logger } from '../log.js';
import { WAIT_RATIO_ADVICE } from '../planning/guide/advice.js';
import { formatPercent } from '../planning/readable.js';
import { crowdingOf } from '../planning/slot-crowding.js';
import type { Machine } from './machine.js';
import type { SlotPool } from './slot-pool.js';

/** I/O wait over CPU time of one job, as the guides say of documents: at most. */
const WAIT_RATIO = WAIT_RATIO_ADVICE.documents.high;

/** Says how many slots a worker can have where it runs. */
export class SlotBudget {
  readonly #slots: SlotPool;
  readonly #machine: Machine;
  readonly #allowOvercommit: boolean;
  readonly #log: Logger;

  constructor(
    slots: SlotPool,
    { machine, allowOvercommit }: { machine: Machine; allowOvercommit: boolean },
    log: Logger,
  ) {
    this.#slots = slots;
    this.#machine = machine;
    this.#allowOvercommit = allowOvercommit;
    this.#log = log;
  }

  /** @throws DswError `failed` with the numbers when so many slots do not fit in memory. */
  require(slots: number): void {
    const reason = this.allows(slots);
    if (reason === undefined) return;
    throw new DswError('failed', reason, {
      hint: 'Lower --concurrency, or start with --allow-overcommit.',
    });
  }

  /** @returns why so many slots are refused, if they are. Logs what is unwise but allowed. */
  allows(slots: number): string | undefined {
    const crowded = crowdingWarning(slots, this.#machine.cores);
    if (crowded !== undefined) this.#log.warn(crowded);
    const reason = this.#misfit(slots);
    if (reason === undefined || !this.#allowOvercommit) return reason;
    this.#log.warn(reason);
    return undefined;
  }

  /** By what the slots that run hold now. */
  #misfit(slots: number): string | undefined {
    const heldMb = this.#slots.memoryMb;
    const processMb = process.memoryUsage.rss() / 1024 / 1024;
    const besideMb = Math.max(0, processMb - heldMb.reduce((sum, mb) => sum + mb, 0));
    return misfit(slots, Math.max(...heldMb), besideMb, this.#machine.memoryMb);
  }
}

/** Why so many slots are too many for the cores that they share, in the plan's numbers, if so. */
function crowdingWarning(slots: number, cores: number): string | undefined {
  const crowding = crowdingOf({ slots, cores, waitRatio: WAIT_RATIO });
  if (!crowding) return undefined;
  const { enough, stretch, stretchAtEnough, gain } = crowding;
  return (
    `${slots} slots share ${Number(cores.toFixed(2))} cores, where ${enough} are enough ` +
    `(cores × (1 + wait ratio ${WAIT_RATIO})): ${formatPercent(gain)} more throughput, and each job ` +
    `takes ${stretch.toFixed(1)} times as long as alone instead of ${stretchAtEnough.toFixed(1)}`
  );
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
