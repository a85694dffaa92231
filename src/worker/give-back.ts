import type { LeasedJob } from '../queues/leased-job.js';
import type { AtHand } from './at-hand.js';

/** Jobs at hand that no slot has begun for so long go back to their queues. */
const GIVE_BACK_MS = 100;
/** A suspect that can't run here goes back every so often: another worker may be idle by now. */
const OFFER_MS = 1000;

export interface GiveBackOptions {
  /** Told of jobs that go back since all slots turned out to be busy for long. */
  onStuck(jobs: readonly LeasedJob[]): void;
  /** Told of suspects that other workers are to have a chance of taking. */
  onOffer(suspects: readonly LeasedJob[]): void;
}

/** Sees to it that jobs don't lie at hand while another worker may have a slot for them. */
export class GiveBack {
  readonly #atHand: AtHand;
  readonly #options: GiveBackOptions;
  #stuckTimer: NodeJS.Timeout | undefined;
  #offerTimer: NodeJS.Timeout | undefined;
  #mayOffer = false;

  constructor(atHand: AtHand, options: GiveBackOptions) {
    this.#atHand = atHand;
    this.#options = options;
  }

  /**
   * To be called whenever slots were filled.
   * @param alone whether a suspect runs, or is about to as soon as slots are free.
   */
  watch(alone: boolean): void {
    clearTimeout(this.#stuckTimer);
    if (this.#atHand.length > 0)
      this.#stuckTimer = setTimeout(
        () => this.#options.onStuck(this.#atHand.take(Infinity)),
        GIVE_BACK_MS,
      );
    this.#mayOffer = this.#atHand.suspect !== undefined && !alone;
    if (this.#mayOffer) this.#offerTimer ??= setTimeout(() => this.#offer(), OFFER_MS);
  }

  stop(): void {
    clearTimeout(this.#stuckTimer);
    clearTimeout(this.#offerTimer);
  }

  #offer(): void {
    this.#offerTimer = undefined;
    if (this.#mayOffer) this.#options.onOffer(this.#atHand.takeSuspects(Infinity));
  }
}
