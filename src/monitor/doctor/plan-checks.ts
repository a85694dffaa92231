import { formatSeconds } from '../../planning/readable.js';
import { addReplicaCommand } from '../../planning/scale-command.js';
import type { PlannedLoad } from './expected.js';
import type { Check, Examination, Finding } from './check.js';

/** What is off by less than a quarter is as planned. */
const OFF_RATIO = 1.25;
/** Jobs and minutes before a rate or a time says anything. */
const FEWEST_JOBS = 20;
const FEWEST_SECONDS = 600;

/** What is measured against what the plan of `expected.profile` counts on. */
export const PLAN_CHECKS: Check[] = [
  { id: 'plan-load', look: byPlan(load) },
  { id: 'plan-service', look: byPlan(service) },
  { id: 'plan-wait', look: byPlan(wait) },
];

function byPlan(
  look: (plan: PlannedLoad, examination: Examination) => Finding | undefined,
): Check['look'] {
  return (examination) => {
    const { plan } = examination.expected;
    const finding = plan && look(plan, examination);
    return finding ? [finding] : [];
  };
}

/** Arrivals count as more when a Poisson stream as planned would hardly bring them. */
function load(plan: PlannedLoad, { figures: { flow } }: Examination): Finding | undefined {
  const { inPerHour = 0, seconds } = flow;
  const [came, planned] = [inPerHour, plan.jobsPerHour].map((rate) => (rate * seconds) / 3600);
  if (came === undefined || planned === undefined || seconds < FEWEST_SECONDS) return undefined;
  if (inPerHour <= OFF_RATIO * plan.jobsPerHour || came <= planned + 2 * Math.sqrt(planned))
    return undefined;
  return {
    severity: 'warning',
    title: 'more arrives than was planned for',
    evidence: `${Math.round(inPerHour)} jobs an hour, the plan of ${plan.profile} counts on ${Math.round(plan.jobsPerHour)} at the busiest`,
    consequence: `its ${plan.deployment} is too small for that, and waits get longer`,
    fix: `set ratePerHour in the profile to what is measured; then see: dsw plan --profile ${plan.profile}`,
  };
}

function service(plan: PlannedLoad, { figures }: Examination): Finding | undefined {
  const { count, meanSeconds } = figures.service;
  if (count < FEWEST_JOBS || meanSeconds === undefined) return undefined;
  if (meanSeconds <= OFF_RATIO * plan.serviceSeconds) return undefined;
  return {
    severity: 'warning',
    title: 'jobs take longer than was planned for',
    evidence: `${formatSeconds(meanSeconds)} on average, the plan of ${plan.profile} counts on ${formatSeconds(plan.serviceSeconds)}`,
    consequence: `its ${plan.deployment} gets less done than it should`,
    fix: `find out why (dsw top), or set serviceTimeMinutes in the profile; then see: dsw plan --profile ${plan.profile}`,
  };
}

function wait(plan: PlannedLoad, { figures, snapshot }: Examination): Finding | undefined {
  const { count, p95Seconds } = figures.flow.wait;
  if (count < FEWEST_JOBS || p95Seconds === undefined) return undefined;
  if (p95Seconds <= OFF_RATIO * plan.p95WaitSeconds) return undefined;
  return {
    severity: 'warning',
    title: 'jobs wait longer than the plan allows',
    evidence: `the p95 wait is ${formatSeconds(p95Seconds)}, the plan of ${plan.profile} allows ${formatSeconds(plan.p95WaitSeconds)} with ${plan.deployment}`,
    consequence: 'the service that was promised is not kept',
    fix: `look whether workers or slots are missing, more arrives, or jobs take longer; if none of these: ${addReplicaCommand(snapshot)}`,
  };
}
