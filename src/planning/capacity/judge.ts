import type { Candidate } from './candidate.js';
import { candidateFigures, servedQueues } from './candidate-figures.js';
import {
  jobsWithin,
  SIMULATION_WORK,
  simulatedWaits,
  weakness,
  type Check,
  type SimulatedDeployment,
} from './checks.js';
import { busiestRatePerHour } from './day-shape.js';
import {
  deploymentWaits,
  scaledWaits,
  type DeploymentWaits,
  type WaitQuestion,
} from './deployment-waits.js';
import { midPoint, targetSeconds, type LoadPoint } from './load-point.js';
import type { Deployment, Profile } from './profile.js';
import { excuseFor, limitExcuse, verdictOf } from './verdict.js';
import { waitWork, WorkBudget } from './work.js';

/** What does not depend on the target or the shape of the day. */
interface Known {
  waits: Map<string, DeploymentWaits>;
  simulated: Map<string, SimulatedDeployment>;
  /** Simulated p95 wait over the formula's, by concurrency. */
  corrections: Map<number, number>;
  work: WorkBudget;
}

/**
 * Judges deployments for one plan. What was worked out once is remembered, and what a simulation found
 * holds for everything that is asked afterwards: of the deployment itself exactly, of others with as
 * many slots a replica by how far the formula was off.
 */
export class Judge {
  readonly profile: Profile;
  /** Every interval at its most likely value. */
  readonly mid: LoadPoint;
  readonly #rates = new Map<string, number>();
  readonly #candidates = new Map<string, Candidate>();
  readonly #known: Known;

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

  /** Jobs an hour at the busiest moment of the day. */
  busiestRate(point: LoadPoint = this.mid): number {
    return remember(this.#rates, keyOf(point), () => busiestRatePerHour(this.profile, point));
  }

  /** A deployment with its verdict. */
  candidate(deployment: Deployment, point: LoadPoint = this.mid): Candidate {
    return remember(this.#candidates, keyOf(point, deployment), () => {
      const ratePerHour = this.busiestRate(point);
      const waits = this.#waitsOf(deployment, point);
      const { profile } = this;
      const judged = candidateFigures({ profile, point, deployment, ratePerHour, waits });
      const atPeak = ratePerHour !== point.ratePerHour;
      const load = { ratePerHour, atPeak, targetSeconds: this.targetSeconds(point) };
      const excuse = excuseFor(profile, judged, load);
      return { ...judged, verdict: verdictOf(excuse), ...(excuse && { excuse }) };
    });
  }

  /** Whether waits are as wanted, whatever the limits say. */
  keepsWaits(deployment: Deployment, point: LoadPoint = this.mid): boolean {
    const { overall, queues } = this.#waitsOf(deployment, point);
    if (overall === undefined || overall.quantile(0.95) > this.targetSeconds(point)) return false;
    return servedQueues(this.profile).every(({ given: { p95WaitMinutes } }, i) => {
      if (p95WaitMinutes === undefined) return true;
      const wait = queues[i];
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
    const key = this.#waitKey(deployment, this.mid);
    const because = weakness(this.profile, this.mid, deployment);
    // No wait turns what can't be run into an answer.
    const impossible = limitExcuse(this.profile, deployment) !== undefined;
    if (because === undefined || impossible || simulated.has(key)) return false;
    const byFormula = this.#formula(deployment, this.mid);
    if (byFormula.overall === undefined) return false;
    const question = this.question();
    const jobs = jobsWithin(question, deployment);
    if (jobs === undefined) work.cut('a simulation of so many slots');
    const allowed = simulated.size === 0 || work.allows('further simulations');
    if (jobs === undefined || !allowed) return false;
    work.spend(SIMULATION_WORK);
    const found = simulatedWaits(question, deployment, byFormula, { because, jobs });
    simulated.set(key, found);
    this.#learn(deployment, found.check);
    return true;
  }

  /** From a formula that was refuted, for deployments with as many slots a replica. */
  #learn(deployment: Deployment, check: Check): void {
    const { analyticP95WaitSeconds, simulatedP95WaitSeconds, agree } = check;
    if (!agree && analyticP95WaitSeconds > 0) {
      const correction = simulatedP95WaitSeconds.mid / analyticP95WaitSeconds;
      this.#known.corrections.set(deployment.concurrency, correction);
    }
    this.#candidates.clear();
  }

  #waitsOf(deployment: Deployment, point: LoadPoint): DeploymentWaits {
    const simulated = this.#known.simulated.get(this.#waitKey(deployment, point));
    if (simulated !== undefined) return simulated.waits;
    const waits = this.#formula(deployment, point);
    const correction = this.#known.corrections.get(deployment.concurrency);
    return correction === undefined ? waits : scaledWaits(waits, correction);
  }

  #formula(deployment: Deployment, point: LoadPoint): DeploymentWaits {
    return remember(this.#known.waits, this.#waitKey(deployment, point), () => {
      const question = this.question(point);
      this.work.spend(waitWork(question, deployment));
      return deploymentWaits(question, deployment);
    });
  }

  /** What a deployment is asked at a load. */
  question(point: LoadPoint = this.mid): WaitQuestion {
    return {
      point,
      ratePerHour: this.busiestRate(point),
      batchSize: this.profile.batchSize,
      cores: this.profile.container.cores,
      shares: servedQueues(this.profile).map(({ given }) => given.share),
    };
  }

  /** Waits depend on the day by its busiest moment alone. */
  #waitKey(deployment: Deployment, point: LoadPoint): string {
    return keyOf({ ...point, ratePerHour: this.busiestRate(point) }, deployment);
  }
}

function keyOf(point: LoadPoint, deployment?: Deployment): string {
  const { ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio } = point;
  const { replicas, concurrency } = deployment ?? { replicas: 0, concurrency: 0 };
  return [ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio, replicas, concurrency].join();
}

function remember<Value>(memory: Map<string, Value>, key: string, work: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = work();
  memory.set(key, value);
  return value;
}
