import type { Candidate } from './candidate.js';
import { candidateFigures } from './candidate-figures.js';
import {
  SIMULATION_WORK,
  simulatedWaits,
  weakness,
  type Check,
  type SimulatedDeployment,
} from './checks.js';
import { DayRates } from './day-rates.js';
import {
  deploymentWaits,
  isPlain,
  scaledWaits,
  type DeploymentWaits,
  type WaitQuestion,
} from './deployment-waits.js';
import { correctionKey, keyOf } from './load-keys.js';
import { midPoint, targetSeconds, type LoadPoint } from './load-point.js';
import type { Deployment, Profile } from './profile.js';
import { servedQueues, type ServedQueue } from './served-queues.js';
import { excuseFor, limitExcuse, verdictOf } from './verdict.js';
import { withinByBounds } from './wait-bounds.js';
import { waitWork, WorkBudget } from './work.js';

/** What does not depend on the target or the shape of the day. */
interface Known {
  waits: Map<string, DeploymentWaits>;
  simulated: Map<string, SimulatedDeployment>;
  /** Simulated p95 wait over the formula's, by concurrency and whether in equilibrium. */
  corrections: Map<string, number>;
  work: WorkBudget;
}

/** That no job waits says little of fleets with fewer replicas, which are tried next. */
const LEAST_CORRECTION = 0.25;

/**
 * Judges deployments for one plan. What was worked out once is remembered, and what a simulation found
 * holds for everything that is asked afterwards: of the deployment itself exactly, of others with as
 * many slots a replica by how far the formula was off.
 */
export class Judge {
  readonly profile: Profile;
  /** Every interval at its most likely value. */
  readonly mid: LoadPoint;
  readonly #rates: DayRates;
  readonly #candidates = new Map<string, Candidate>();
  readonly #known: Known;
  readonly #served: readonly ServedQueue[];
  readonly #shares: readonly number[];
  readonly #hasQueueTargets: boolean;

  /** @param known what was worked out before, under another target or shape of the day. */
  constructor(
    profile: Profile,
    known: Known = {
      waits: new Map(),
      simulated: new Map(),
      corrections: new Map(),
      work: new WorkBudget(),
    },
  ) {
    this.profile = profile;
    this.mid = midPoint(profile);
    this.#known = known;
    this.#served = servedQueues(profile);
    this.#rates = new DayRates(profile);
    this.#shares = this.#served.map(({ given }) => given.share);
    this.#hasQueueTargets = this.#served.some(({ given }) => given.p95WaitMinutes !== undefined);
  }

  /** A judge of the same load and container under another target or shape of the day. */
  under(changes: Pick<Partial<Profile>, 'target' | 'hourlyShape' | 'bursts'>): Judge {
    return new Judge({ ...this.profile, ...changes }, this.#known);
  }

  get work(): WorkBudget {
    return this.#known.work;
  }

  /** Simulations that were run, in order. */
  get checks(): Check[] {
    return [...this.#known.simulated.values()].map(({ check }) => check);
  }

  /** The longest p95 wait that is accepted. */
  targetSeconds(point: LoadPoint = this.mid): number {
    return targetSeconds(this.profile, point);
  }

  /** Jobs an hour that would load the slots for ever as the busiest moment of the day does. */
  busiestRate(point: LoadPoint = this.mid): number {
    return this.#rates.busiest(point);
  }

  /** Jobs an hour on the average of the whole day, bursts included. */
  meanRate(point: LoadPoint = this.mid): number {
    return this.#rates.mean(point);
  }

  /** A deployment with its verdict. */
  candidate(deployment: Deployment, point: LoadPoint = this.mid): Candidate {
    return remember(this.#candidates, keyOf(point, deployment), () => {
      const rates = { busiest: this.busiestRate(point), mean: this.meanRate(point) };
      const waits = this.#waitsOf(deployment, point);
      const { profile } = this;
      const judged = candidateFigures({ profile, point, deployment, rates, waits });
      const load = { ratePerHour: rates.mean, targetSeconds: this.targetSeconds(point) };
      const excuse = excuseFor(profile, judged, load);
      return { ...judged, verdict: verdictOf(excuse), ...(excuse && { excuse }) };
    });
  }

  /** Whether waits are as wanted, whatever the limits say. */
  keepsWaits(deployment: Deployment, point: LoadPoint = this.mid): boolean {
    const target = this.targetSeconds(point);
    // Bounds are the formulas'; a simulation may have refuted these.
    const mayDiffer = this.#known.simulated.size > 0;
    const sure = mayDiffer ? undefined : withinByBounds(this.question(point), deployment, target);
    if (sure === false || (sure && !this.#hasQueueTargets)) return sure;
    const waits = this.#waitsOf(deployment, point);
    const { overall } = waits;
    if (overall === undefined || overall.quantile(0.95) > target) return false;
    return this.#served.every(({ given: { p95WaitMinutes } }, i) => {
      if (p95WaitMinutes === undefined) return true;
      const wait = waits.queues[i];
      return wait !== undefined && wait.quantile(0.95) <= 60 * p95WaitMinutes;
    });
  }

  /** Whether the verdict is `met`. */
  meets(deployment: Deployment, point: LoadPoint = this.mid): boolean {
    return (
      limitExcuse(this.profile, deployment) === undefined && this.keepsWaits(deployment, point)
    );
  }

  /**
   * Simulates a deployment at the most likely load where formulas are weak.
   * @returns whether that was new; no when it was known, or need not, or would take too long.
   */
  simulate(deployment: Deployment): boolean {
    const { simulated, work } = this.#known;
    const question = this.question();
    const key = this.#waitKey(question, deployment);
    // No wait turns what can't be run into an answer.
    const impossible = limitExcuse(this.profile, deployment) !== undefined;
    if (impossible || isPlain(question, deployment) || simulated.has(key)) return false;
    const byFormula = this.#formula(key, question, deployment);
    const because = weakness(this.profile, this.mid, deployment, byFormula);
    if (because === undefined) return false;
    if (simulated.size > 0 && !work.allows('further simulations')) return false;
    const found = simulatedWaits(question, deployment, byFormula, because);
    if (found === undefined) {
      work.cut('a simulation of so many slots');
      return false;
    }
    work.spend(SIMULATION_WORK);
    simulated.set(key, found);
    this.#learn(correctionKey(deployment, byFormula), found.check);
    return true;
  }

  /** From a formula that was refuted, for deployments with as many slots a replica. */
  #learn(key: string, check: Check): void {
    const { analyticP95WaitSeconds, simulatedP95WaitSeconds, agree } = check;
    if (!agree && analyticP95WaitSeconds > 0) {
      const correction = simulatedP95WaitSeconds.mid / analyticP95WaitSeconds;
      this.#known.corrections.set(key, Math.max(LEAST_CORRECTION, correction));
    }
    this.#candidates.clear();
  }

  #waitsOf(deployment: Deployment, point: LoadPoint): DeploymentWaits {
    const question = this.question(point);
    // Faster to work out again than to remember; never simulated.
    if (isPlain(question, deployment)) return deploymentWaits(question, deployment);
    const { simulated, corrections } = this.#known;
    const key = this.#waitKey(question, deployment);
    const known = simulated.get(key);
    if (known !== undefined) return known.waits;
    const waits = this.#formula(key, question, deployment);
    const correction = corrections.get(correctionKey(deployment, waits));
    return correction === undefined ? waits : scaledWaits(waits, correction);
  }

  #formula(key: string, question: WaitQuestion, deployment: Deployment): DeploymentWaits {
    return remember(this.#known.waits, key, () => {
      this.work.spend(waitWork(question, deployment));
      return deploymentWaits(question, deployment);
    });
  }

  /** What a deployment is asked at a load. */
  question(point: LoadPoint = this.mid): WaitQuestion {
    return {
      point,
      ratePerHour: this.#rates.steady(point),
      meanRatePerHour: this.#rates.mean(point),
      shape: this.#rates.shape,
      batchSize: this.profile.batchSize,
      cores: this.profile.container.cores,
      shares: this.#shares,
    };
  }

  #waitKey({ point }: WaitQuestion, deployment: Deployment): string {
    return keyOf(point, deployment) + this.#rates.key;
  }
}

function remember<Value>(memory: Map<string, Value>, key: string, work: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = work();
  memory.set(key, value);
  return value;
}
