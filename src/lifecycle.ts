/**
 * The one start/stop contract of everything long-lived: `start` resolves once the service does its
 * work, `stop` once nothing of it is left. `stop` may be called twice, before `start`, or during it.
 */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The process ends in a moment, whatever is left: sees to what would outlive it. */
  abandon?(): void | Promise<void>;
}

/** Base of a service: subclasses write `onStart` and `onStop`, which run at most once each. */
export abstract class StartStop implements Service {
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  readonly #stop = new AbortController();

  protected abstract onStart(): Promise<void>;
  protected abstract onStop(): Promise<void>;

  /** True from the first call of `stop` on. */
  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Aborted by the first call of `stop`: a start that waits for something need not wait on. */
  protected get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  start(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.#starting ??= this.onStart();
    return this.#starting;
  }

  stop(): Promise<void> {
    this.#stop.abort();
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

/** What a promise resolves to, or undefined when it has not after so many milliseconds. */
export async function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
