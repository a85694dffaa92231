import type { WaitQuestion } from './deployment-waits.js';
import type { Deployment } from './profile.js';

/** Work of a whole plan, after which what is not needed for the answer is left out. */
const WHOLE_PLAN = 500;
/** Of that, for finding the answer. */
export const SEARCH_WORK = 250;

/**
 * What a plan may still cost, in milliseconds as measured once on one idle core. It is counted from
 * what is asked, never by a clock: equal profiles give equal plans.
 */
export class WorkBudget {
  #left = WHOLE_PLAN;
  readonly #cuts = new Set<string>();

  /** What was left out, to be told. */
  get cuts(): string[] {
    return [...this.#cuts];
  }

  spend(work: number): void {
    this.#left -= work;
  }

  /** Whether so much is left; if not, what it was for is noted as left out. */
  allows(what: string, work = 0): boolean {
    if (this.#left > work) return true;
    this.cut(what);
    return false;
  }

  cut(what: string): void {
    this.#cuts.add(what);
  }
}

/** Work of one deployment's waits at one load. */
export function waitWork(question: WaitQuestion, { replicas, concurrency }: Deployment): number {
  const { point, batchSize, cores, shares, shape } = question;
  const servers = replicas * concurrency;
  const inversions = shares.length > 1 ? 0.3 * shares.length : 0;
  const general = point.serviceTimeScv === 1 ? 0 : 0.1 + 0.01 * Math.sqrt(servers);
  const batches = batchSize === 1 ? 0 : 1e-4 * (servers + 64 * batchSize);
  const perStretch = 0.2 + Math.min(0.5, 0.003 * servers);
  const hours = shape.hourlyShape === undefined ? 0 : 4;
  const changing = (shape.bursts.length + hours) * perStretch;
  return 0.02 + inversions + general + batches + changing + (concurrency > cores ? sharing() : 0);

  /** Rates by busy slots, and their convolution over all but the largest fleets. */
  function sharing(): number {
    return 0.002 * concurrency + Math.min(4, 2e-6 * servers ** 2);
  }
}
