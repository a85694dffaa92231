import type { PlanResult } from '../../planning/capacity/plan.js';
import type { Profile } from '../../planning/capacity/profile.js';
import type { GuideVerdict } from '../../planning/guide/guide-answer.js';
import { LEVERS } from '../../planning/guide/advice.js';
import { formatTable, type Column } from '../output.js';
import { figure, gigabytes, paragraph, percent, range, section, stack } from './layout.js';
import { contradictionLines } from './sections.js';

/** What the two guides say of a profile, by their own formulas and tables alone. */
export function renderGuide(result: PlanResult, { name }: Profile): string {
  const { guide } = result;
  const { cores, waitRatio, optimal, slots, cpuUtilization } = guide.concurrency;
  const rule = guide.ruleOfThumb;
  return stack([
    paragraph(
      '',
      `By the guides ${name} is ${guide.classes.join(' and ')} traffic: ${rule.replicas} × ` +
        `${rule.concurrency} slots, ${percent(rule.utilization)} busy (${rule.band}).`,
    ),
    section('concurrency', [
      paragraph(
        '  ',
        `cores × (1 + wait ratio) = ${figure(cores, 2)} × (1 + ${figure(waitRatio, 2)}) = ` +
          `${figure(optimal, 2)}, so ${slots} slots a replica. They really use ` +
          `${percent(cpuUtilization)} of the cores.`,
      ),
    ]),
    section('deployments', [formatTable(DEPLOYMENT_COLUMNS, guide.deployments)]),
    section('memory', [
      paragraph(
        '  ',
        `${gigabytes(rule.sharedMemoryMb)} GB a replica, ${gigabytes(rule.sharedMemoryTotalMb)} in ` +
          `all, if models load once per container; ${gigabytes(rule.perProcessMemoryMb)} and ` +
          `${gigabytes(rule.perProcessMemoryTotalMb)} GB if once per process.`,
      ),
    ]),
    section('cost', [
      paragraph(
        '  ',
        `(1 + N + 1) × base = ${rule.costUnits} × base; the other guide counts ` +
          `${rule.workerCostUnits} × base.`,
      ),
    ]),
    section('which lever', [formatTable(LEVER_COLUMNS, LEVERS)]),
    section('the guides disagree', contradictionLines(result)),
  ]);
}

const DEPLOYMENT_COLUMNS: Column<GuideVerdict>[] = [
  { title: '  guide', value: ({ guide }) => `  ${guide}` },
  { title: 'replicas', align: 'right', value: ({ replicas }) => span(replicas) },
  { title: 'concurrency', align: 'right', value: ({ concurrency }) => span(concurrency) },
  { title: 'slots', align: 'right', value: ({ slots }) => span(slots) },
  { title: 'docs/h', align: 'right', value: ({ capacityPerHour }) => span(capacityPerHour) },
  {
    title: 'busy',
    align: 'right',
    value: ({ utilization: [most, least] }) => range(percent(least), percent(most)),
  },
];

const LEVER_COLUMNS: Column<(typeof LEVERS)[number]>[] = [
  { title: '  ', value: ({ feature }) => `  ${feature}` },
  { title: 'concurrency', value: ({ concurrency }) => concurrency },
  { title: 'replicas', value: ({ replicas }) => replicas },
];

function span([from, to]: readonly [number, number]): string {
  return range(figure(from), figure(to));
}
