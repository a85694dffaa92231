import type { Logger } from '../log.js';
import type { IdleSlots } from '../planning/snapshot.js';

/** What can keep a worker from taking jobs although slots are free. */
type Cause = Extract<IdleSlots['cause'], 'redis' | 'memory' | 'store'>;

/** While the document store is full nothing runs for so long; then one job tries. */
const STORE_PAUSE_MS = 5000;

export interface RestraintOptions {
  worker: string;
  log: Logger;
  /** Told how many jobs may run at once from now on. */
  onLimit(jobs: number): void;
}

/** How far a worker holds back from taking jobs, and why; several causes may hold at once. */
export class Restraint {
  readonly #options: RestraintOptions;
  readonly #causes = new Map<Cause, { reason: string; limit: number }>();
  #limit = Infinity;
  #storeTimer: NodeJS.Timeout | undefined;

  constructor(options: RestraintOptions) {
    this.#options = options;
  }

  /** All reasons in one line, with the cause of the first; or undefined. */
  get held(): { cause: Cause; reason: string } | undefined {
    const [first] = this.#causes.keys();
    if (first === undefined) return undefined;
    const reason = [...this.#causes.values()].map((held) => held.reason).join('; ');
    return { cause: first, reason };
  }

  /** Redis refuses writes, for this reason; undefined: it takes them again. */
  redis(refusal: string | undefined): void {
    // What has to be recorded asks again and again by itself.
    this.#set('redis', refusal && `Redis refuses writes: ${refusal}`, Infinity);
  }

  /** Memory is short, for this reason; undefined: no longer. */
  memory(reason: string | undefined): void {
    // Never to a standstill: with nothing running it takes one.
    this.#set('memory', reason, 1);
  }

  /** A job found no room in the document store. */
  storeFull(reason: string): void {
    clearTimeout(this.#storeTimer);
    this.#set('store', reason, 0);
    this.#storeTimer = setTimeout(() => this.#set('store', reason, 1), STORE_PAUSE_MS);
    this.#storeTimer.unref();
  }

  /** A job was done: if the document store was full, it no longer is. */
  jobDone(): void {
    if (!this.#causes.has('store')) return;
    clearTimeout(this.#storeTimer);
    this.#set('store', undefined, Infinity);
  }

  #set(cause: Cause, reason: string | undefined, limit: number): void {
    const { worker, log, onLimit } = this.#options;
    const wasHeld = this.#causes.has(cause);
    if (reason === undefined && !wasHeld) return;
    if (reason === undefined) {
      this.#causes.delete(cause);
      log.info(`${worker} takes jobs again`);
    } else {
      this.#causes.set(cause, { reason, limit });
      if (!wasHeld) log.warn(`${worker} takes no jobs: ${reason}`);
    }
    const lowest = Math.min(Infinity, ...[...this.#causes.values()].map((held) => held.limit));
    if (lowest !== this.#limit) onLimit(lowest);
    this.#limit = lowest;
  }
}
