import type { ArrivalStream } from './arrivals.js';
import { JobQueue } from './job-queue.js';
import type { Random } from './random.js';
import type { Station } from './station.js';

/** Receives what happens. Times in seconds from the start. */
export interface SystemObserver {
  /** A job starts to be served. */
  started(priority: number, arrivedAt: number, startedAt: number): void;
}

/**
 * Queues in order of priority before a station, driven event by event. Between events its state can be
 * read, so that it can stand for a real system.
 */
export class JobSystem {
  readonly #arrivals: ArrivalStream;
  readonly #station: Station;
  readonly #shares: readonly number[];
  readonly #random: Random;
  readonly #observer: SystemObserver;
  readonly #queues: JobQueue[];
  #nextArrivalAt: number;
  #now = 0;
  #waiting = 0;
  #busySeconds = 0;
  #events = 0;

  /** @param shares of the jobs by priority, most urgent first; they sum to 1. */
  constructor(
    arrivals: ArrivalStream,
    station: Station,
    shares: readonly number[],
    random: Random,
    observer: SystemObserver,
  ) {
    this.#arrivals = arrivals;
    this.#station = station;
    this.#shares = shares;
    this.#random = random;
    this.#observer = observer;
    this.#queues = shares.map(() => new JobQueue());
    this.#nextArrivalAt = arrivals.next();
  }

  get now(): number {
    return this.#now;
  }

  /** Jobs that wait, of all priorities. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Jobs that wait, by priority. */
  get queueLengths(): number[] {
    return this.#queues.map((queue) => queue.length);
  }

  get busy(): number {
    return this.#station.busy;
  }

  /** Slots × seconds in use so far. */
  get busySeconds(): number {
    return this.#busySeconds;
  }

  get events(): number {
    return this.#events;
  }

  /** Lets everything happen that is due before that time, and moves the clock there. */
  runUntil(time: number): void {
    while (this.nextEventAt <= time) this.step();
    this.#moveTo(time);
  }

  get nextEventAt(): number {
    return Math.min(this.#nextArrivalAt, this.#station.nextEventAt);
  }

  /** Lets the next event happen. */
  step(): void {
    this.#events += 1;
    if (this.#nextArrivalAt <= this.#station.nextEventAt) this.#arrive();
    else {
      this.#moveTo(this.#station.nextEventAt);
      if (this.#station.step() && this.#waiting > 0) this.#startOldest();
    }
  }

  #moveTo(time: number): void {
    this.#busySeconds += this.#station.busy * (time - this.#now);
    this.#now = time;
  }

  #arrive(): void {
    this.#moveTo(this.#nextArrivalAt);
    for (let left = this.#arrivals.size(); left > 0; left--) {
      this.#queues[this.#priority()]?.push(this.#now);
      this.#waiting += 1;
      if (this.#station.free > 0) this.#startOldest();
    }
    this.#nextArrivalAt = this.#arrivals.next();
  }

  #priority(): number {
    const last = this.#shares.length - 1;
    if (last === 0) return 0;
    let rest = this.#random.uniform();
    for (let priority = 0; priority < last; priority++) {
      rest -= this.#shares[priority] ?? 0;
      if (rest < 0) return priority;
    }
    return last;
  }

  #startOldest(): void {
    const priority = this.#queues.findIndex((queue) => queue.length > 0);
    const arrivedAt = this.#queues[priority]?.shift() ?? this.#now;
    this.#waiting -= 1;
    this.#station.start(this.#now, priority);
    this.#observer.started(priority, arrivedAt, this.#now);
  }
}
