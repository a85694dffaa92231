import { StartStop } from './lifecycle.js';

/**
 * Calls a function every so often, first at once, never twice at the same time. `stop` waits for
 * the call under way.
 */
export class Periodic extends StartStop {
  readonly #seconds: number;
  readonly #call: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(seconds: number, call: () => Promise<void>, onError: (error: unknown) => void) {
    super();
    this.#seconds = seconds;
    this.#call = call;
    this.#onError = onError;
  }

  protected async onStart(): Promise<void> {
    await this.#tick();
  }

  protected async onStop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#current;
  }

  async #tick(): Promise<void> {
    this.#current = this.#call().catch(this.#onError);
    await this.#current;
    if (!this.stopping) this.#timer = setTimeout(() => void this.#tick(), this.#seconds * 1000);
  }
}
