import { guideConcurrency } from './guide/formulas.js';
import { slotThroughput, type SharedCores } from './queueing/contention.js';

/** More slots than their cores can feed, beside as many as the guides' formula gives. */
export interface Crowding {
  /** Slots that are enough: cores × (1 + wait ratio), rounded up. */
  enough: number;
  /** Time of a job over its time alone, with all slots busy: now, and with that many slots. */
  stretch: number;
  stretchAtEnough: number;
  /** What the surplus slots add to the throughput, as a share of it. */
  gain: number;
}

/** How far slots crowd the cores that they share; undefined while they don't. */
export function crowdingOf({ slots, cores, waitRatio }: SharedCores): Crowding | undefined {
  const enough = Math.max(1, Math.ceil(guideConcurrency(cores, waitRatio) - 1e-9));
  if (slots <= enough) return undefined;
  const now = slotThroughput({ slots, cores, waitRatio });
  const right = slotThroughput({ slots: enough, cores, waitRatio });
  return {
    enough,
    stretch: now.stretch,
    stretchAtEnough: right.stretch,
    gain: now.throughput / right.throughput - 1,
  };
}
