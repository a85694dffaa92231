const KEPT = 5;

/** The median of the last few measurements: one that a busy moment drew out does not show. */
export class RecentMedian {
  #last: number[] = [];

  note(value: number): void {
    this.#last = [...this.#last.slice(1 - KEPT), value];
  }

  /** 0 before the first. */
  get value(): number {
    const sorted = [...this.#last].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  }
}
