import {
  busiestRatePerHour,
  changesOverDay,
  dayStretches,
  meanRatePerHour,
  type DayShape,
} from './day-shape.js';
import type { LoadPoint } from './load-point.js';

/** Arrival rates that stand for a day of one shape, each worked out once for a load. */
export class DayRates {
  readonly shape: DayShape;
  /** Tells shapes apart; empty for a day without one. */
  readonly key: string;
  readonly #changes: boolean;
  readonly #known = new Map<string, number>();

  constructor({ hourlyShape, bursts }: DayShape) {
    this.shape = { hourlyShape, bursts };
    this.#changes = changesOverDay(this.shape);
    this.key = this.#changes ? JSON.stringify(this.shape) : '';
  }

  /** Jobs an hour that would load the slots for ever as the busiest moment of the day does. */
  busiest(point: LoadPoint): number {
    return this.#busiestOf('bursts', this.shape, point);
  }

  /** The same for a day without its bursts. */
  steady(point: LoadPoint): number {
    return this.#busiestOf('hours', { ...this.shape, bursts: [] }, point);
  }

  /** Jobs an hour on the average of the whole day, bursts included. */
  mean(point: LoadPoint): number {
    if (!this.#changes) return point.ratePerHour;
    return meanRatePerHour(dayStretches(this.shape, point.ratePerHour));
  }

  #busiestOf(what: string, shape: DayShape, point: LoadPoint): number {
    if (!changesOverDay(shape)) return point.ratePerHour;
    const { ratePerHour, serviceTimeMinutes, serviceTimeScv } = point;
    const key = [what, ratePerHour, serviceTimeMinutes, serviceTimeScv].join();
    const known = this.#known.get(key) ?? busiestRatePerHour(shape, point);
    this.#known.set(key, known);
    return known;
  }
}
