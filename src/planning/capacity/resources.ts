import { costUnits } from '../guide/formulas.js';
import { perProcessMemoryMb, sharedMemoryMb } from '../guide/memory.js';
import {
  intervalOf,
  type Deployment,
  type Interval,
  type MemoryModel,
  type Profile,
} from './profile.js';

/** Memory of one replica with all of its slots busy. */
export interface MemoryEstimate {
  model: MemoryModel;
  /** Models once per container; low and high by what a job adds. */
  sharedMb: Interval;
  /** Everything once per slot. */
  perProcessMb: number;
  limitMb: number;
  alertMb: number;
  /**
   * `fits`: below the alert line whatever model holds. `alert`: above the line, below the limit, at
   * worst. `risky`: over the limit by one model, not by the other. `tooLarge`: over the limit by all.
   */
  verdict: 'fits' | 'alert' | 'risky' | 'tooLarge';
}

export interface CostEstimate {
  /** Services that are paid for: replicas and the fixed ones, the first guide's (1 + N + 1). */
  units: number;
  /** The other guide's count: replicas alone. */
  workerUnits: number;
  currency: string;
  /** How the amount is made up: a price per service, or prices of memory and CPU used. */
  basis: 'services' | 'usage';
  /** A month of 30 days; low and high by the memory model when the basis is `usage`. */
  perMonth: { low: number; high: number };
  /** Of the high amount, what slots that wait for work cost. */
  idlePerMonth: number;
}

const HOURS_PER_MONTH = 720;

/** Memory of one replica by both of the guides' models. */
export function memoryOf(
  profile: Pick<Profile, 'memory' | 'container'>,
  concurrency: number,
): MemoryEstimate {
  const { memory, container } = profile;
  const perTask = intervalOf(memory.perTaskMb);
  const at = (perTaskMb: number): number => sharedMemoryMb(concurrency, { ...memory, perTaskMb });
  const sharedMb = { low: at(perTask.low), mid: at(perTask.mid), high: at(perTask.high) };
  const perProcessMb = perProcessMemoryMb(concurrency, memory.perProcessMb);
  const limitMb = container.memoryLimitMb;
  const alertMb = limitMb * memory.alertFraction;
  const models = {
    shared: [sharedMb.high],
    perProcess: [perProcessMb],
    bracket: [sharedMb.high, perProcessMb],
  }[memory.model];
  const least = Math.min(...models);
  const most = Math.max(...models);
  const verdict =
    least > limitMb ? 'tooLarge' : most > limitMb ? 'risky' : most > alertMb ? 'alert' : 'fits';
  return { model: memory.model, sharedMb, perProcessMb, limitMb, alertMb, verdict };
}

/**
 * Cost of a deployment a month: (fixed + N) × base, or by the prices of cores and memory in use.
 * @param busyShare of the slots; the rest is idle.
 */
export function costOf(
  profile: Profile,
  { replicas, concurrency }: Deployment,
  busyShare: number,
): CostEstimate {
  const { cost, container } = profile;
  const units = costUnits(replicas, cost.fixedServices);
  const perMonth = cost.baseCost === undefined ? byUse() : both(units * cost.baseCost);
  const workers = perMonth.high * (cost.baseCost === undefined ? 1 : replicas / units);
  return {
    units,
    workerUnits: replicas,
    currency: cost.currency,
    basis: cost.baseCost === undefined ? 'usage' : 'services',
    perMonth,
    idlePerMonth: workers * (1 - busyShare),
  };

  function byUse(): { low: number; high: number } {
    const memory = memoryOf(profile, concurrency);
    const cores = container.cores * cost.perVcpuHour;
    const at = (mb: number): number =>
      replicas * HOURS_PER_MONTH * (cores + (mb / 1000) * cost.perGbHour);
    const low = at(memory.sharedMb.mid);
    const high = at(memory.perProcessMb);
    if (memory.model === 'shared') return both(low);
    return memory.model === 'perProcess'
      ? both(high)
      : { low: Math.min(low, high), high: Math.max(low, high) };
  }
}

function both(amount: number): { low: number; high: number } {
  return { low: amount, high: amount };
}
