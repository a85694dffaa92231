import { StartStop } from './lifecycle.js';

/**
 * Calls a function every so often, first at once, never twice at the same time. `stop` waits for
 * the call under way.
 */
export class Periodic extends StartStop {
  readonly #seconds: number;
  readonly #call: () => Promise<number | undefined> | Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<number | undefined> | undefined;
  #again = false;

  /** @param call may say that its next turn comes sooner, in so many seconds. */
  constructor(
    seconds: number,
    call: () => Promise<number | undefined> | Promise<void>,
    onError: (error: unknown) => void,
  ) {
    super();
    this.#seconds = seconds;
    this.#call = call;
    this.#onError = onError;
  }

  /** Makes the next call now, or right after the one under way. */
  callSoon(): void {
    this.#again = true;
    if (!this.#current) this.#schedule(0);
  }

  protected async onStart(): Promise<void> {
    await this.#tick();
  }

  protected async onStop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#current;
  }

  async #tick(): Promise<void> {
    this.#again = false;
    this.#current = this.#callSafely();
    const seconds = await this.#current;
    this.#current = undefined;
    this.#schedule(this.#isWanted() ? 0 : Math.min(seconds ?? Infinity, this.#seconds));
  }

  async #callSafely(): Promise<number | undefined> {
    try {
      return (await this.#call()) ?? undefined;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  /** Whether `callSoon` came while the last call was under way. */
  #isWanted(): boolean {
    return this.#again;
  }

  #schedule(seconds: number): void {
    clearTimeout(this.#timer);
    if (!this.stopping) this.#timer = setTimeout(() => void this.#tick(), seconds * 1000);
  }
}
