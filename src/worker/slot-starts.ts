import { Slot, type SlotOptions } from './slot.js';

const RESTART_MS = 1000;

export interface SlotStartsOptions {
  slot: SlotOptions;
  /** Given a slot that is warm. */
  onStarted(slot: Slot): void;
  onFailed(error: unknown): void;
  /** Told, a while after a failure, to try again. */
  onRetry(): void;
}

/** Starts slots while others work. */
export class SlotStarts {
  readonly #options: SlotStartsOptions;
  #underWay = 0;
  #stopped = false;
  /** Whether a slot has found the user's tasks well formed. */
  tasksChecked = false;

  constructor(options: SlotStartsOptions) {
    this.#options = options;
  }

  /** Slots that are starting and not in service yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** @returns a slot that is warm. */
  async start(): Promise<Slot> {
    const { slot: options } = this.#options;
    const setup = { ...options.setup, tasksChecked: this.tasksChecked };
    const slot = new Slot({ ...options, setup });
    try {
      await slot.start();
    } catch (error) {
      await slot.stop();
      throw error;
    }
    return slot;
  }

  /** Has one more slot come into service when it is warm. */
  add(): void {
    const { onStarted, onFailed, onRetry } = this.#options;
    this.#underWay += 1;
    this.start().then(
      (slot) => {
        this.#underWay -= 1;
        if (this.#stopped) void slot.stop();
        else onStarted(slot);
      },
      (error: unknown) => {
        this.#underWay -= 1;
        onFailed(error);
        setTimeout(() => {
          if (!this.#stopped) onRetry();
        }, RESTART_MS).unref();
      },
    );
  }

  /** What is started still ends as soon as it is warm. */
  stop(): void {
    this.#stopped = true;
  }
}
