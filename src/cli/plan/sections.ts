import type { QueueWait } from '../../planning/capacity/candidate.js';
import type { Input, InputSource } from '../../planning/capacity/inputs.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import type { Interval } from '../../planning/capacity/profile.js';
import { formatTable, type Column } from '../output.js';
import {
  deployment,
  figure,
  gigabytes,
  money,
  paragraph,
  percent,
  range,
  seconds,
} from './layout.js';

const INDENT = '  ';

function bullets(sentences: readonly string[]): string[] {
  return sentences.map((sentence) => paragraph(`${INDENT}- `, sentence));
}

/** What is wrong with the deployment in use. */
export function currentLines({ current }: PlanResult): string[] {
  return current === null ? [] : [paragraph(INDENT, current.sentence)];
}

/** Why the answer is a refusal, and what would do. */
export function refusalLines(result: PlanResult): string[] {
  if (result.verdict === 'met') return [];
  const { excuse, wouldDo } = result;
  const lines = [paragraph(INDENT, excuse.sentence)];
  if (wouldDo === null) return lines;
  const limit = wouldDo.breaks === null ? '' : `, but breaks a limit: ${wouldDo.breaks}`;
  const text = `${deployment(wouldDo)} (${wouldDo.slots} slots) would do${limit}.`;
  return [...lines, paragraph(INDENT, text)];
}

export function whyLines({ why }: PlanResult): string[] {
  return [paragraph(INDENT, why.sentences.join(' '))];
}

/** Waits of each queue; nothing when there is only one. */
export function queueLines({ queues }: PlanResult): string[] {
  if (queues.length < 2) return [];
  const differ = new Set(queues.map(({ serviceTimeMinutes }) => serviceTimeMinutes)).size > 1;
  const serviceColumn: Column<QueueWait> = {
    title: 'service',
    align: 'right',
    value: ({ serviceTimeMinutes }) => seconds(60 * serviceTimeMinutes),
  };
  const columns: Column<QueueWait>[] = [
    { title: `${INDENT}queue`, value: ({ queue }) => INDENT + queue },
    { title: 'share', align: 'right', value: ({ share }) => percent(share) },
    { title: 'docs/h', align: 'right', value: ({ ratePerHour }) => figure(ratePerHour) },
    ...(differ ? [serviceColumn] : []),
    { title: 'mean wait', align: 'right', value: (row) => seconds(row.meanWaitSeconds) },
    { title: 'p95 wait', align: 'right', value: (row) => seconds(row.p95WaitSeconds) },
    { title: 'target', align: 'right', value: targetCell },
  ];
  return [formatTable(columns, queues)];
}

function targetCell({ targetP95WaitSeconds, met }: QueueWait): string {
  if (targetP95WaitSeconds === undefined) return '–';
  return `${seconds(targetP95WaitSeconds)} ${met ? 'met' : 'missed'}`;
}

const MEMORY_VERDICTS = {
  fits: 'fits, whichever model holds',
  alert: 'fits, but may pass the alert line',
  risky: 'one of the models does not fit: measure before relying on it',
  tooLarge: 'does not fit',
} as const;

export function memoryLines({ memory, chosen }: PlanResult): string[] {
  if (memory === null) return [];
  const { sharedMb, perProcessMb, limitMb, alertMb, verdict } = memory;
  const shared = range(gigabytes(sharedMb.low), gigabytes(sharedMb.high));
  const each = chosen === null || chosen.replicas === 1 ? '' : ` each of ${chosen.replicas}`;
  return [
    paragraph(
      INDENT,
      `${shared} GB${each} if models are shared in a container, ${gigabytes(perProcessMb)} GB if ` +
        `every slot has its own. Limit ${gigabytes(limitMb)} GB, alert from ` +
        `${gigabytes(alertMb)} GB: ${MEMORY_VERDICTS[verdict]}.`,
    ),
  ];
}

export function costLines({ cost }: PlanResult): string[] {
  if (cost === null) return [];
  const { units, workerUnits, currency, basis, perMonth, idlePerMonth } = cost;
  const workers = workerUnits === 1 ? '1 is a worker' : `${workerUnits} are workers`;
  const how =
    basis === 'services'
      ? `${units} services are paid for, of which ${workers} (the other guide counts only that)`
      : `by the prices of memory and CPU in use`;
  const idle = `${figure(idlePerMonth, 0)} ${currency} of it for slots that wait for work`;
  return [paragraph(INDENT, `${money(perMonth)} ${currency} a month, ${how}; ${idle}.`)];
}

export function scheduleLines({ schedule }: PlanResult): string[] {
  if (schedule === null) return [];
  const hours = schedule.entries.map(({ fromHour, toHour, replicas, ratePerHour }) => {
    const time = `${INDENT}${two(fromHour)}–${two(toHour)} h`;
    return `${time}  ${String(replicas).padStart(3)} replicas  ${figure(ratePerHour)} docs/h`;
  });
  const saved = `${figure(schedule.averageReplicas)} replicas on average instead of ${
    schedule.peakReplicas
  } all day: ${figure(schedule.savedPerMonth, 0)} a month less.`;
  return [...hours, paragraph(INDENT, saved)];
}

function two(hour: number): string {
  return String(hour).padStart(2, '0');
}

export function burstLines({ bursts }: PlanResult): string[] {
  return bursts.map((burst) => {
    const what = `at ${figure(burst.atHour)} h, ${figure(burst.minutes)} min of ${figure(burst.ratePerHour)} docs/h`;
    if (burst.peakBacklog < 0.5) return paragraph(INDENT, `${what}: the slots keep up.`);
    const gone =
      burst.backlogMinutes === undefined
        ? 'never gone before the next'
        : `gone ${seconds(burst.backlogMinutes * 60)} after its start`;
    return paragraph(
      INDENT,
      `${what}: up to ${figure(burst.peakBacklog, 0)} documents wait, the last of them ` +
        `${seconds(burst.longestWaitSeconds)}; ${gone}.`,
    );
  });
}

export function breakEvenLines({ breakEvens }: PlanResult): string[] {
  return bullets(breakEvens.map(({ sentence }) => sentence));
}

/** Of the guides' contradictions those that bear on the answer, or all of them. */
export function contradictionLines(
  { contradictions }: PlanResult,
  which: 'bearing' | 'all' = 'bearing',
): string[] {
  const shown = contradictions.filter(({ bearsOnAnswer }) => which === 'all' || bearsOnAnswer);
  return shown.flatMap(({ topic, sides, effect }) => [
    paragraph(
      `${INDENT}- `,
      `${topic}: ${sides.map(({ source, says }) => `${source} says ${says}`).join('; ')}. ${effect}`,
    ),
  ]);
}

export function warningLines({ warnings }: PlanResult): string[] {
  return bullets(
    warnings.map(({ field, sentence }) =>
      field === undefined ? sentence : `${field}: ${sentence}`,
    ),
  );
}

export function checkLines({ checks }: PlanResult): string[] {
  return bullets(
    checks.map((check) => {
      const { low, mid, high } = check.simulatedP95WaitSeconds;
      return (
        `${deployment(check.deployment)}, ${check.because}: p95 wait ` +
        `${seconds(check.analyticP95WaitSeconds)} by formula, ${seconds(mid)} simulated ` +
        `(95 %: ${seconds(low)} to ${seconds(high)}, ${check.jobs} jobs); ` +
        (check.agree ? 'they agree.' : 'the simulation holds.')
      );
    }),
  );
}

const SOURCES: Readonly<Record<InputSource, string>> = {
  given: 'given',
  measured: 'measured',
  guide: 'from the guides',
  default: 'assumed',
};

/** What was given, measured, taken from the guides, assumed. */
export function inputLines({ inputs }: PlanResult): string[] {
  return (['given', 'measured', 'guide', 'default'] as const).flatMap((source) => {
    const fields = inputs.filter((input) => input.source === source).map(readInput);
    return fields.length === 0
      ? []
      : [paragraph(`${INDENT}${SOURCES[source]}`, fields.join(', '), 19)];
  });
}

function readInput({ field, value }: Input): string {
  return `${field} ${readValue(value)}`;
}

function readValue(value: unknown): string {
  if (typeof value === 'number') return figure(value, 4);
  if (isInterval(value)) return `${figure(value.low, 4)}–${figure(value.high, 4)}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isInterval(value: unknown): value is Interval {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}
