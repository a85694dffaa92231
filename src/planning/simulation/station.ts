/** Where jobs are served, as the event loop sees it. */
export interface Station {
  /** Free slots now. */
  readonly free: number;
  readonly busy: number;
  /** When the next thing happens inside; Infinity when nothing will. */
  readonly nextEventAt: number;
  /** Takes a job of that priority; there is a free slot. */
  start(now: number, priority: number): void;
  /** Lets what is due at `nextEventAt` happen. Returns whether a job finished. */
  step(): boolean;
}
