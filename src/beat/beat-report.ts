import { HEALTHY, type Health } from '../planning/health.js';

/** A turn takes less than a second, and waits for a silent Redis no longer than ten. */
const STUCK_SECONDS = 15;

/** What a beat has done, for its metrics and its health. */
export class BeatReport {
  readonly startedAt = Date.now();
  readonly #id: string;
  readonly #leaseSeconds: number;
  #isHolder = false;
  #sentTicks = 0;
  #turnedAt: number | undefined;

  constructor(id: string, leaseSeconds: number) {
    this.#id = id;
    this.#leaseSeconds = leaseSeconds;
  }

  /** A turn went through. */
  turned(isHolder: boolean, sentTicks: number): void {
    this.#isHolder = isHolder;
    this.#sentTicks += sentTicks;
    this.#turnedAt = Date.now();
  }

  /** Redis gave no answer: it schedules nothing, whatever it held. */
  cut(): void {
    this.#isHolder = false;
    this.#turnedAt = undefined;
  }

  get reading() {
    return {
      id: this.#id,
      isHolder: this.#isHolder,
      startedAt: this.startedAt,
      sentTicks: this.#sentTicks,
    };
  }

  /** A standby is ready as well: it takes over when it is its turn. @param now ms since the epoch. */
  health(now: number): Health {
    if (this.#turnedAt === undefined)
      return { alive: true, ready: false, reason: `${this.#id} gets no answer from Redis` };
    const silentSeconds = (now - this.#turnedAt) / 1000;
    if (silentSeconds < this.#leaseSeconds + STUCK_SECONDS) return HEALTHY;
    const seconds = Math.round(silentSeconds);
    const reason = `${this.#id} has not looked at its schedules for ${seconds} s`;
    return { alive: false, ready: false, reason };
  }
}
