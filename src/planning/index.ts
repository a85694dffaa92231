/**
 * The planning core as a library: queueing formulas, simulation and capacity planning. Pure: no
 * clock, no dice, no I/O. All times in seconds, all rates per second, unless a name says otherwise.
 */
export { erlangB, erlangC } from './queueing/erlang.js';
export {
  waitTime,
  type ServiceTime,
  type StableWait,
  type UnstableWait,
  type WaitMethod,
  type WaitTime,
  type WaitTimeInput,
} from './queueing/waiting-time.js';
export { sojournTime, type SojournTime, type SojournTimeInput } from './queueing/sojourn-time.js';
export {
  priorityWaitTimes,
  type PriorityInput,
  type PriorityWait,
  type PriorityWaitTimes,
} from './queueing/priorities.js';
export {
  contentionWaitTimes,
  type ContentionInput,
  type ContentionWait,
} from './queueing/contention-wait.js';
export { slotThroughput, type SharedCores, type SlotThroughput } from './queueing/contention.js';
export { fewestServers, highestUtilization, type WaitTarget } from './queueing/staffing.js';
export {
  decideReplicas,
  type ReplicaDecision,
  type ScalingLimit,
  type ScalingMemory,
} from './decide-replicas.js';
export type { ScalingPolicy } from './scaling-policy.js';
export {
  offeredLoadCurve,
  staffingSchedule,
  type ArrivalShape,
  type LoadCurve,
  type StaffingInput,
} from './queueing/offered-load-curve.js';
export {
  burstBacklog,
  fluidBacklog,
  type BacklogPoint,
  type BurstInput,
  type FluidBacklog,
} from './queueing/burst-backlog.js';
export { createJobSystem, simulate, type SimulationResult } from './simulation/simulate.js';
export type { SimulatedWait } from './simulation/simulated-wait.js';
export type { Estimate } from './simulation/estimate.js';
export type { JobSystem, SystemObserver } from './simulation/job-system.js';
export { Random } from './simulation/random.js';
export type { SimulatedReplicas, SimulationInput } from './simulation/simulation-input.js';
export { guideConcurrency } from './guide/formulas.js';
export { planCapacity, type PlanOptions } from './capacity/plan-capacity.js';
export type { Plan, PlanResult, Refusal } from './capacity/plan.js';
export type {
  Burst,
  ContainerProfile,
  CostProfile,
  Deployment,
  FleetProfile,
  LimitsProfile,
  MemoryProfile,
  Profile,
  TargetProfile,
} from './capacity/profile.js';
