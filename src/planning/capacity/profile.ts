import type { QueueName } from '../queue-names.js';

/** Never below `low`, never above `high`, most likely `mid`: a triangular distribution. */
export interface Interval {
  low: number;
  mid: number;
  high: number;
}

/** A figure that is known, or lies in an interval. */
export type Quantity = number | Interval;

/** A stretch of each day with an arrival rate of its own. */
export interface Burst {
  /** Hour of the day, 0 to below 24; fractions are minutes. */
  atHour: number;
  minutes: number;
  /** Jobs per hour while it lasts. */
  ratePerHour: number;
}

/** One queue's part of the load. */
export interface QueueProfile {
  /** Share of all jobs, 0 to 1. The shares of all queues sum to 1. */
  share: number;
  /** Longest 95th percentile of the wait; none: whatever the order of the queues leaves. */
  p95WaitMinutes?: number | undefined;
  /** Minutes that one of its jobs takes alone; absent: as long as the profile's. */
  serviceTimeMinutes?: number | undefined;
  /** Absent: the profile's. */
  serviceTimeScv?: number | undefined;
}

/** How many workers, each with how many slots. */
export interface Deployment {
  replicas: number;
  /** Slots of a replica. */
  concurrency: number;
}

/** What a replica may use. */
export interface ContainerProfile {
  /** CPU cores; fractions are allowed, as a quota may be one. */
  cores: number;
  memoryLimitMb: number;
}

/**
 * Which of the guides' memory models holds: `shared` loads models once per container, `perProcess`
 * everything once per slot; `bracket` keeps both, as the guides contradict each other.
 */
export type MemoryModel = 'bracket' | 'shared' | 'perProcess';

export interface MemoryProfile {
  model: MemoryModel;
  /** Runtime and libraries, once per replica. */
  baseMb: number;
  /** The framework's own, once per replica. */
  frameworkMb: number;
  /** Models, once per replica. */
  modelsMb: number;
  /** What a running job adds. */
  perTaskMb: Quantity;
  /** Everything that one slot holds when nothing is shared. */
  perProcessMb: number;
  /** Share of the limit above which the guides want an alert. */
  alertFraction: number;
}

export interface FleetProfile {
  minReplicas: number;
  maxReplicas: number;
  /** The only concurrency to consider; absent: all that fit. */
  concurrency?: number | undefined;
}

export interface CostProfile {
  /** Price of one service a month, as the guides count; absent: the prices of use below hold. */
  baseCost?: number | undefined;
  currency: string;
  /** Services beside the workers: the scheduler and the dashboard. */
  fixedServices: number;
  perVcpuHour: number;
  perGbHour: number;
}

export interface LimitsProfile {
  /** Connections that Redis accepts. */
  redisConnections: number;
  /** Connections to Redis of one replica, whatever its slots. */
  redisConnectionsPerReplica: number;
  /** Connections that the jobs' database accepts; absent: they use none. */
  databaseConnections?: number | undefined;
  databaseConnectionsPerSlot: number;
}

export interface TargetProfile {
  /** Longest 95th percentile of the wait over all jobs; absent: a quarter of the service time. */
  p95WaitMinutes?: number | undefined;
  /** Share of the cases within the intervals in which the plan has to hold; absent: at mid. */
  confidence?: number | undefined;
}

/** A load, what it runs on and what is wanted: what a plan is made from, with all defaults filled in. */
export interface Profile {
  name: string;
  description: string;
  /** Jobs that arrive in an hour, on the average of a day without its bursts. */
  ratePerHour: Quantity;
  /** Minutes that a job takes alone on an idle replica, in queues without a figure of their own. */
  serviceTimeMinutes: Quantity;
  /** Variance / mean² of the service time: 0 all alike, 1 exponential. */
  serviceTimeScv: Quantity;
  /** I/O wait time over CPU time of one job. */
  waitRatio: Quantity;
  /** Mean jobs of one upload. */
  batchSize: number;
  /** Relative arrival rate of each hour of the day; absent: the same all day. */
  hourlyShape?: number[] | undefined;
  bursts: Burst[];
  /** Most urgent first is the order of the queues' names; a queue left out gets nothing. */
  queues: Partial<Record<QueueName, QueueProfile | undefined>>;
  container: ContainerProfile;
  memory: MemoryProfile;
  fleet: FleetProfile;
  cost: CostProfile;
  limits: LimitsProfile;
  target: TargetProfile;
  /** What runs today. */
  current?: Deployment | undefined;
}

/** The most likely value. */
export function midOf(quantity: Quantity): number {
  return typeof quantity === 'number' ? quantity : quantity.mid;
}

export function intervalOf(quantity: Quantity): Interval {
  return typeof quantity === 'number' ? { low: quantity, mid: quantity, high: quantity } : quantity;
}
