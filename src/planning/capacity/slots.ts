import { guideConcurrency, wholeSlots } from '../guide/formulas.js';
import type { Profile } from './profile.js';
import { memoryOf, type MemoryEstimate } from './resources.js';

/** Above this wait ratio the guides call a task I/O-bound, where slots may outnumber cores. */
const CPU_BOUND_WAIT_RATIO = 0.5;
/** Up to here each number of slots is considered, above only some. */
const FEW = 8;
/** As many as a profile or a flag may ask for. */
const MOST_SLOTS = 1024;

/** A replica's container, and what its slots hold. */
export type Container = Pick<Profile, 'container' | 'memory'>;

/** Slots that the guides' formula gives a replica, cores × (1 + wait ratio), as far as can be asked for. */
export function guideSlots({ container }: Container, waitRatio: number): number {
  return Math.min(MOST_SLOTS, wholeSlots(guideConcurrency(container.cores, waitRatio)));
}

/**
 * Slots that a replica should have when nothing else is known: as many as the guides' formula says for
 * work that waits, one for each core for work that computes, as long as memory stays below the line
 * that the guides want an alert at; at least one. `dsw worker --concurrency auto` takes this number.
 */
export function recommendedSlots(replica: Container, waitRatio: number): number {
  const byCores = mostWithoutBet(replica, waitRatio);
  return Math.max(1, mostWithMemory(replica, byCores, ['fits']));
}

/**
 * Whether slots outnumber cores for work that mostly computes: what that saves may hang on the little
 * that a job waits. Then it is chosen only where nothing else meets the target.
 */
export function betsOnWaitRatio(replica: Container, waitRatio: number, slots: number): boolean {
  return slots > mostWithoutBet(replica, waitRatio);
}

function mostWithoutBet(replica: Container, waitRatio: number): number {
  return waitRatio <= CPU_BOUND_WAIT_RATIO
    ? wholeSlots(replica.container.cores)
    : guideSlots(replica, waitRatio);
}

/**
 * Numbers of slots to choose from, up to what the guides' formula says and memory may hold: beyond the
 * formula further slots hardly finish more (`slotThroughput`). Just 1 when memory holds none.
 */
export function slotsToConsider(
  replica: Container & Pick<Profile, 'fleet'>,
  waitRatio: number,
): number[] {
  const { concurrency } = replica.fleet;
  if (concurrency !== undefined) return [concurrency];
  const formula = guideSlots(replica, waitRatio);
  const most = mostWithMemory(replica, formula, ['fits', 'alert', 'risky']);
  const safe = mostWithMemory(replica, formula, ['fits', 'alert']);
  const landmarks = [most, safe, recommendedSlots(replica, waitRatio)];
  for (let slots = 1; slots <= most; slots += slots < FEW ? 1 : slots) landmarks.push(slots);
  const unique = new Set(landmarks.filter((slots) => slots >= 1 && slots <= Math.max(1, most)));
  return [...unique].sort((a, b) => a - b);
}

/** Most slots whose memory deserves one of these verdicts; 0 when not even one's does. */
function mostWithMemory(
  replica: Container,
  most: number,
  verdicts: readonly MemoryEstimate['verdict'][],
): number {
  let [found, failed] = [0, most + 1];
  while (failed - found > 1) {
    const middle = Math.floor((found + failed) / 2);
    if (verdicts.includes(memoryOf(replica, middle).verdict)) found = middle;
    else failed = middle;
  }
  return found;
}
