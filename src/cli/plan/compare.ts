import { loadProfile } from '../../config/load-profile.js';
import { DswError } from '../../errors.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { formatTable, print, printJson, type Column } from '../output.js';
import { answersCsv } from './candidates-csv.js';
import { deployment, figure, gigabytes, money, percent, seconds } from './layout.js';
import {
  parseDeployment,
  PLAN_SCHEMA_VERSION,
  planLoaded,
  profileOf,
  type PlanFlags,
} from './plan-flags.js';

interface Side {
  name: string;
  result: PlanResult;
}

const ROWS: [title: string, value: (result: PlanResult) => string][] = [
  ['deployment', ({ chosen }) => (chosen ? deployment(chosen) : '–')],
  ['slots', ({ chosen }) => String(chosen?.slots ?? '–')],
  ['docs/h at most', ({ chosen }) => (chosen ? figure(chosen.capacityPerHour) : '–')],
  ['busy', ({ chosen }) => percent(chosen?.utilization)],
  ['P(wait)', ({ chosen }) => percent(chosen?.wait?.pWait)],
  ['mean wait', ({ chosen }) => seconds(chosen?.wait?.meanWaitSeconds)],
  ['p95 wait', ({ chosen }) => seconds(chosen?.wait?.p95WaitSeconds)],
  ['memory, models shared', ({ memory }) => `${gigabytes(memory?.sharedMb.mid ?? 0)} GB`],
  ['memory, per process', ({ memory }) => `${gigabytes(memory?.perProcessMb ?? 0)} GB`],
  ['cost a month', ({ cost }) => (cost ? `${money(cost.perMonth)} ${cost.currency}` : '–')],
  ['holds in', ({ chosen }) => `${percent(chosen?.holdsInShareOfCases)} of cases`],
  ['verdict', ({ verdict }) => verdict],
];

/**
 * Two plans beside each other: each side is a deployment of the profile, such as `3x4`, or another
 * profile. The exit code speaks of the second.
 */
export async function comparePlans(names: readonly string[], flags: PlanFlags): Promise<number> {
  const [a, b] = await Promise.all(names.map((name) => sideOf(name, flags)));
  if (a === undefined || b === undefined || names.length > 2) {
    throw new DswError(
      'usage',
      `--compare: expected two deployments or profiles, got ${names.length}.`,
    );
  }
  if (flags.json) printJson({ schemaVersion: PLAN_SCHEMA_VERSION, sides: [a, b] });
  else if (flags.csv)
    print(
      answersCsv(
        'side',
        [a, b].map(({ name, result }) => ({ value: name, result })),
      ),
    );
  else print(formatTable(columnsFor(a, b), ROWS));
  return b.result.exitCode;
}

async function sideOf(name: string, flags: PlanFlags): Promise<Side> {
  const given = parseDeployment(name);
  const loaded = await loadProfile(given === undefined ? name : profileOf(flags));
  return { name, result: planLoaded(loaded, given ?? {}) };
}

function columnsFor(a: Side, b: Side): Column<(typeof ROWS)[number]>[] {
  return [
    { title: '', value: ([title]) => title },
    { title: a.name, align: 'right', value: ([, value]) => value(a.result) },
    { title: b.name, align: 'right', value: ([, value]) => value(b.result) },
  ];
}
