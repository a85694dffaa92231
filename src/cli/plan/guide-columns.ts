import type { GuideBook, GuideScenario, GuideVerdict } from '../../planning/guide/guide-book.js';
import type { UploadScenario } from '../../planning/guide/scenarios.js';
import type { Column } from '../output.js';
import { figure, gigabytes, percent, range } from './layout.js';

export const DEPLOYMENT_COLUMNS: Column<GuideVerdict>[] = [
  { title: '  guide', value: ({ guide }) => `  ${guide}` },
  { title: 'replicas', align: 'right', value: ({ replicas }) => span(replicas) },
  { title: 'concurrency', align: 'right', value: ({ concurrency }) => span(concurrency) },
  { title: 'slots', align: 'right', value: ({ slots }) => span(slots) },
  { title: 'docs/h', align: 'right', value: ({ capacityPerHour }) => perHour(capacityPerHour) },
  { title: 'busy', align: 'right', value: ({ utilization }) => busy(utilization) },
];

/** Each class is named in its first row alone. */
export function scenarioColumns(rows: readonly GuideScenario[]): Column<GuideScenario>[] {
  const isFirst = (row: GuideScenario): boolean =>
    rows.find(({ traffic }) => traffic === row.traffic) === row;
  return [
    {
      title: '  traffic',
      value: (row) =>
        isFirst(row) ? `  ${row.traffic} ${row.ratePerHour ? span(row.ratePerHour) : ''}` : '',
    },
    { title: 'guide', value: ({ guide }) => guide },
    { title: 'replicas', align: 'right', value: ({ replicas }) => span(replicas) },
    { title: 'each', align: 'right', value: ({ concurrency }) => span(concurrency) },
    { title: 'slots', align: 'right', value: ({ slots }) => span(slots) },
    { title: 'docs/h', align: 'right', value: ({ capacityPerHour }) => perHour(capacityPerHour) },
    {
      title: 'min/doc',
      align: 'right',
      value: ({ minutesAtGoodUse }) => (minutesAtGoodUse ? span(minutesAtGoodUse) : '–'),
    },
  ];
}

export const STAGE_COLUMNS: Column<GuideBook['stages'][number]>[] = [
  { title: '  stage', value: ({ stage }) => `  ${stage}` },
  { title: 'replicas', align: 'right', value: ({ replicas }) => span(replicas) },
  { title: 'each', align: 'right', value: ({ concurrency }) => span(concurrency) },
  { title: 'slots', align: 'right', value: ({ slots }) => span(slots) },
  { title: 'busy', align: 'right', value: ({ utilization }) => busy(utilization) },
];

export const UPLOAD_COLUMNS: Column<UploadScenario>[] = [
  { title: '  what', value: ({ title }) => `  ${title}` },
  { title: 'slots', align: 'right', value: ({ replicas, concurrency: c }) => `${replicas} × ${c}` },
  { title: 'run', align: 'right', value: ({ busy: running }) => String(running) },
  { title: 'wait', align: 'right', value: ({ waiting }) => String(waiting) },
  { title: 'busy', align: 'right', value: ({ utilization }) => percent(utilization) },
  {
    title: 'memory',
    align: 'right',
    value: ({ memoryMb }) => (memoryMb === undefined ? '' : `${gigabytes(memoryMb)} GB`),
  },
  {
    title: 'CPU',
    align: 'right',
    value: ({ cpuPercent }) => (cpuPercent === undefined ? '' : `${cpuPercent} %`),
  },
  { title: 'cost', align: 'right', value: ({ costUnits }) => `${costUnits} × base` },
];

export const LEVER_COLUMNS: Column<GuideBook['levers'][number]>[] = [
  { title: '  ', value: ({ feature }) => `  ${feature}` },
  { title: 'concurrency', value: ({ concurrency }) => concurrency },
  { title: 'replicas', value: ({ replicas }) => replicas },
];

/** `2–3`, or `3`. */
export function span([from, to]: readonly [number, number]): string {
  return range(figure(from), figure(to));
}

/** A rate, with a digit behind the point while it is small. */
function perHour([from, to]: readonly [number, number]): string {
  const read = (rate: number): string => figure(rate, rate < 10 ? 1 : 0);
  return range(read(from), read(to));
}

/** From the largest form of a deployment, which is busy least, to the smallest. */
function busy([most, least]: readonly [number, number]): string {
  return range(percent(least), percent(most));
}
