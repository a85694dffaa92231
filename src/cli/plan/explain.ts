import type { Candidate } from '../../planning/capacity/candidate.js';
import { midPoint } from '../../planning/capacity/load-point.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { midOf, type Profile } from '../../planning/capacity/profile.js';
import { guideConcurrency } from '../../planning/guide/formulas.js';
import { slotThroughput } from '../../planning/queueing/contention.js';
import { deployment, figure, money, paragraph, percent, stack } from './layout.js';
import { waitSteps } from './wait-formulas.js';

/** A formula with the plan's own numbers in it. */
export interface Step {
  name: string;
  formula: string;
  numbers: string;
  source: string;
}

/** Every formula behind the answer, filled in, with its source. */
export function explainPlan(result: PlanResult, profile: Profile): string {
  const { chosen } = result;
  const steps = [
    ...loadSteps(profile),
    ...busiestSteps(profile, result),
    ...(chosen === null
      ? []
      : [...slotSteps(profile, chosen), ...waitSteps(result, profile, chosen)]),
    ...(chosen === null ? [] : resourceSteps(profile, chosen)),
  ];
  return stack(['FORMULAS', ...steps.map(renderStep)]);
}

function renderStep({ name, formula, numbers, source }: Step): string {
  return [
    paragraph('  ', `${name}: ${formula}`, 2),
    paragraph('    = ', numbers, 6),
    paragraph('      ', `(${source})`, 6),
  ].join('\n');
}

function loadSteps(profile: Profile): Step[] {
  const rate = midOf(profile.ratePerHour);
  const minutes = midPoint(profile).serviceTimeMinutes;
  const waitRatio = midOf(profile.waitRatio);
  const erlangs = (rate * minutes) / 60;
  return [
    {
      name: 'offered load',
      formula: 'a = arrival rate × service time',
      numbers: `${figure(rate, 2)}/h × ${figure(minutes, 2)} min / 60 = ${figure(erlangs, 3)} erlangs`,
      source: 'Erlang 1917; Little 1961',
    },
    {
      name: 'CPU load',
      formula: 'a / (1 + wait ratio)',
      numbers: `${figure(erlangs, 3)} / (1 + ${figure(waitRatio, 3)}) = ${figure(erlangs / (1 + waitRatio), 3)} cores`,
      source: 'definition of the wait ratio',
    },
    {
      name: 'optimal concurrency',
      formula: 'cores × (1 + wait ratio)',
      numbers:
        `${figure(profile.container.cores, 2)} × (1 + ${figure(waitRatio, 3)}) = ` +
        figure(guideConcurrency(profile.container.cores, waitRatio), 3),
      source: 'both guides',
    },
  ];
}

/** A day that changes, as the load that its busiest moment stands for. */
function busiestSteps(
  { hourlyShape, bursts, serviceTimeMinutes }: Profile,
  { why }: PlanResult,
): Step[] {
  if (hourlyShape === undefined && bursts.length === 0) return [];
  const { busiestLoadErlangs } = why;
  const perHour = (busiestLoadErlangs * 60) / midOf(serviceTimeMinutes);
  return [
    {
      name: 'busiest moment',
      formula: 'most of m(t), where m′ = arrival rate(t) − m / service time (exponential service)',
      numbers: `${figure(busiestLoadErlangs, 2)} erlangs, as of ${figure(perHour, 2)}/h that never end`,
      source:
        'Eick, Massey and Whitt 1993; as a load in equilibrium: Jennings, Mandelbaum, Massey and ' +
        'Whitt 1996',
    },
  ];
}

function slotSteps(profile: Profile, chosen: Candidate): Step[] {
  const waitRatio = midOf(profile.waitRatio);
  const { cores } = profile.container;
  const { throughput, cpuUtilization, stretch } = slotThroughput({
    cores,
    slots: chosen.concurrency,
    waitRatio,
  });
  const cpuMinutes = midPoint(profile).serviceTimeMinutes / (1 + waitRatio);
  return [
    {
      name: 'cores in use with all slots busy',
      formula:
        'X = Σ_j p_j·min(j, cores), p_j ∝ p_(j−1)·(slots − j + 1) / (wait ratio · min(j, cores))',
      numbers:
        `${figure(throughput, 4)} of ${figure(cores, 2)} cores (${percent(cpuUtilization)}), so a ` +
        `job takes ${figure(stretch, 3)} times as long as alone`,
      source: 'closed machine-repair model: Scherr 1967; Baskett, Chandy, Muntz and Palacios 1975',
    },
    {
      name: 'capacity',
      formula: 'replicas × X / CPU time of a job',
      numbers:
        `${chosen.replicas} × ${figure(throughput, 4)} / ${figure(cpuMinutes, 3)} min × 60 = ` +
        `${figure(chosen.capacityPerHour, 2)}/h (on paper, slots / service time: ` +
        `${figure(chosen.capacityOnPaperPerHour, 2)}/h)`,
      source: 'as above',
    },
  ];
}

function resourceSteps(profile: Profile, chosen: Candidate): Step[] {
  const { memory, cost } = chosen;
  const { baseMb, frameworkMb, modelsMb, perTaskMb, perProcessMb } = profile.memory;
  return [
    {
      name: 'memory, models shared',
      formula: 'base + framework + models + slots × job',
      numbers:
        `${baseMb} + ${frameworkMb} + ${modelsMb} + ${chosen.concurrency} × ` +
        `${figure(midOf(perTaskMb))} = ${figure(memory.sharedMb.mid)} MB a replica`,
      source: 'worker-scaling-guide',
    },
    {
      name: 'memory, everything per process',
      formula: 'slots × process',
      numbers: `${chosen.concurrency} × ${perProcessMb} = ${figure(memory.perProcessMb)} MB a replica`,
      source: 'concurrency-vs-replicas',
    },
    {
      name: 'cost',
      formula: '(fixed services + replicas) × base, or memory and CPU in use × their prices',
      numbers: `${cost.units} services for ${deployment(chosen)}: ${money(cost.perMonth)} ${cost.currency} a month`,
      source: 'worker-scaling-guide: (1 + N + 1) × base',
    },
  ];
}
