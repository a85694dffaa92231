/**
 * The one start/stop contract of everything long-lived: `start` resolves once the service does its
 * work, `stop` once nothing of it is left. `stop` may be called twice, before `start`, or during it.
 */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends at once what would outlive this process, without waiting. */
  abandon?(): void;
}

/** Base of a service: subclasses write `onStart` and `onStop`, which run at most once each. */
export abstract class StartStop implements Service {
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  protected abstract onStart(): Promise<void>;
  protected abstract onStop(): Promise<void>;

  /** True from the first call of `stop` on. */
  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  start(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.#starting ??= this.onStart();
    return this.#starting;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    if (this.#starting === undefined) return;
    // A start that failed half-way still has something to release.
    await this.#starting.catch(() => undefined);
    await this.onStop();
  }
}
