/** A worker makes room for a suspect when that costs no more than this share of its wait so far. */
const SHARE_OF_WAIT = 0.25;
/** And at the latest when the suspect has waited so long. */
const LONGEST_WAIT_MS = 300_000;

/**
 * Whether a worker that is busy with other jobs is to start no more of them, so that a suspect (a
 * job that was there when a worker died) can run alone. Slots that come free meanwhile stand idle
 * until the last job is done. Another worker may have nothing to do by then, most likely the
 * successor of the one that died, so the suspect waits for that first: the longer, the more its turn
 * costs. What is lost stays in proportion to its wait, and its wait is bounded.
 *
 * @param waitedMs how long the suspect has been ready to run.
 * @param remainingMs how long until the jobs that run now are done, as far as one can tell.
 */
export function isTimeToMakeRoom(waitedMs: number, remainingMs: number): boolean {
  return waitedMs >= LONGEST_WAIT_MS || remainingMs <= waitedMs * SHARE_OF_WAIT;
}
