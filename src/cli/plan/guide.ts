import type { PlanResult } from '../../planning/capacity/plan.js';
import type { Profile } from '../../planning/capacity/profile.js';
import type { GuideAnswer } from '../../planning/guide/guide-answer.js';
import { formatTable } from '../output.js';
import {
  DEPLOYMENT_COLUMNS,
  LEVER_COLUMNS,
  scenarioColumns,
  span,
  STAGE_COLUMNS,
  UPLOAD_COLUMNS,
} from './guide-columns.js';
import { figure, gigabytes, paragraph, percent, range, section, stack } from './layout.js';
import { contradictionLines } from './sections.js';

/** What the two guides say of a profile, by their own formulas and tables alone. */
export function renderGuide(result: PlanResult, { name }: Profile): string {
  const { guide } = result;
  const rule = guide.ruleOfThumb;
  return stack([
    paragraph(
      '',
      `By the guides ${name} is ${guide.classes.join(' and ')} traffic: ${rule.replicas} × ` +
        `${rule.concurrency} slots, ${percent(rule.utilization)} busy (${rule.band}).`,
    ),
    section('concurrency', [say(concurrencyText(guide))]),
    section('deployments for this traffic', [formatTable(DEPLOYMENT_COLUMNS, guide.deployments)]),
    section('every scenario', [
      formatTable(scenarioColumns(guide.scenarios), guide.scenarios),
      say(
        'docs/h: what the slots finish of your documents. min/doc: how long documents may take for ' +
          'the slots to finish the top of their class, 80 % busy.',
      ),
    ]),
    section('where to start', [
      say(startText(guide)),
      formatTable(STAGE_COLUMNS, guide.stages),
      say(setupText(guide)),
    ]),
    section('uploads at one moment', [formatTable(UPLOAD_COLUMNS, guide.uploads)]),
    section('decision tree', [say(treeText(guide))]),
    section('concurrency or replicas', [formatTable(LEVER_COLUMNS, guide.levers)]),
    section('off-peak', [say(offPeakText(guide))]),
    section('memory', [say(memoryText(guide))]),
    section('cost', [
      say(
        `(1 + N + 1) × base = ${rule.costUnits} × base; the other guide counts ` +
          `${rule.workerCostUnits} × base.`,
      ),
    ]),
    section('when to scale', triggerTexts(guide).map(say)),
    section('the guides disagree', contradictionLines(result, 'all')),
  ]);
}

function say(text: string): string {
  return paragraph('  ', text);
}

function concurrencyText({ concurrency }: GuideAnswer): string {
  const { cores, waitRatio, optimal, slots, cpuUtilization } = concurrency;
  return (
    `cores × (1 + wait ratio) = ${figure(cores, 2)} × (1 + ${figure(waitRatio, 2)}) = ` +
    `${figure(optimal, 2)}, so ${slots} ${slots === 1 ? 'slot' : 'slots'} a replica. They really ` +
    `use ${percent(cpuUtilization)} of the cores.`
  );
}

function startText({ startingPoint }: GuideAnswer): string {
  const [most, least] = startingPoint.utilization;
  return (
    `${startingPoint.guide}: ${span(startingPoint.replicas)} × ${span(startingPoint.concurrency)} = ` +
    `${span(startingPoint.slots)} slots, which finish ${span(startingPoint.capacityPerHour)} of your ` +
    `documents an hour; this load keeps them ${range(percent(least), percent(most))} busy` +
    `${least > 1 ? ': it is too small a start' : ''}. By stage, the other guide:`
  );
}

function setupText({ setupReplicas, examples }: GuideAnswer): string {
  const { low, medium, high } = setupReplicas;
  const worked = examples.map(
    ({ replicas, concurrency, slots }) => `${replicas} × ${concurrency} = ${slots}`,
  );
  return (
    `Set-up of the first: ${span(low)} replicas for low, ${span(medium)} for medium, ` +
    `${span(high)} for high traffic. Its examples: ${worked.join(', ')} slots.`
  );
}

function treeText({ decisionTree }: GuideAnswer): string {
  const { slotsNeeded, concurrency, slotsByCores, slotsByMemory, choice } = decisionTree;
  const answer = {
    none: `the ${concurrency} that one container has are enough`,
    concurrency: `raise concurrency to ${choice.concurrency}`,
    replicas: `add replicas: ${choice.replicas} × ${choice.concurrency}`,
  }[choice.lever];
  return (
    `${slotsNeeded} ${slotsNeeded === 1 ? 'slot is' : 'slots are'} needed (80 % busy at most). One ` +
    `container holds ${slotsByCores} by its cores and ${slotsByMemory} by its memory, and runs ` +
    `${concurrency}: ${answer}.`
  );
}

function offPeakText({ offPeak }: GuideAnswer): string {
  const { peakRatePerHour, peakReplicas, offPeakRatePerHour, offPeakReplicas, concurrency } =
    offPeak;
  if (peakReplicas === offPeakReplicas) {
    return `${peakReplicas} × ${concurrency} at any hour: the load never falls enough to remove one.`;
  }
  return (
    `${peakReplicas} × ${concurrency} at the most, ${figure(peakRatePerHour)} documents an hour; ` +
    `${offPeakReplicas} × ${concurrency} at the least, ${figure(offPeakRatePerHour)} an hour.`
  );
}

function memoryText({ ruleOfThumb: rule }: GuideAnswer): string {
  return (
    `${gigabytes(rule.sharedMemoryMb)} GB a replica, ${gigabytes(rule.sharedMemoryTotalMb)} in ` +
    `all, if models load once per container; ${gigabytes(rule.perProcessMemoryMb)} and ` +
    `${gigabytes(rule.perProcessMemoryTotalMb)} GB if once per process.`
  );
}

function triggerTexts({ triggers, alerts, tasksPerProcess }: GuideAnswer): string[] {
  const { manual, automatic, backlog } = triggers;
  return [
    `By hand: one replica more above ${manual.addAboveQueue} waiting, one fewer below ` +
      `${percent(manual.removeBelowUtilization)} busy; on a backlog that grows ` +
      `${backlog.fromReplicas} → ${backlog.toReplicas}.`,
    `By itself, ${automatic.minReplicas} to ${automatic.maxReplicas} replicas: more above ` +
      `${automatic.addAboveQueue} waiting, fewer below ${automatic.removeBelowQueue} waiting and ` +
      `${percent(automatic.removeBelowUtilization)} busy.`,
    'Bands: below 50 % over-provisioned, to 80 % good, to 95 % high, above it scale now.',
    `Alerts: high_priority over ${alerts.highPriorityQueueAbove}, failures over ` +
      `${percent(alerts.failureRateAbove)}, memory over ${percent(alerts.memoryAbove)}, workers ` +
      `missing; success is to be over ${percent(alerts.successRateAbove)}.`,
    `Replace a process after ${tasksPerProcess.usual} tasks, ${tasksPerProcess.leaking} if it leaks.`,
  ];
}
