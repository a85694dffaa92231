import type { LoadedProfile } from '../../config/load-profile.js';
import { DswError } from '../../errors.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import type { Profile } from '../../planning/capacity/profile.js';
import { formatTable, print, printJson, type Column } from '../output.js';
import { answersCsv } from './candidates-csv.js';
import { deployment, figure, money, percent, seconds } from './layout.js';
import { PLAN_SCHEMA_VERSION, planLoaded, type PlanFlags } from './plan-flags.js';

/** Values of the field that are tried, evenly spread. */
const STEPS = 9;

const FIELDS = [
  'ratePerHour',
  'serviceTimeMinutes',
  'serviceTimeScv',
  'waitRatio',
  'batchSize',
  'container.cores',
  'container.memoryLimitMb',
  'target.p95WaitMinutes',
] as const;

interface Row {
  value: number;
  result: PlanResult;
}

const COLUMNS: Column<Row>[] = [
  { title: 'value', align: 'right', value: ({ value }) => figure(value, 3) },
  { title: 'answer', value: ({ result }) => (result.chosen ? deployment(result.chosen) : '–') },
  { title: 'busy', align: 'right', value: ({ result }) => percent(result.chosen?.utilization) },
  { title: 'P(wait)', align: 'right', value: ({ result }) => percent(result.chosen?.wait?.pWait) },
  {
    title: 'p95 wait',
    align: 'right',
    value: ({ result }) => seconds(result.chosen?.wait?.p95WaitSeconds),
  },
  {
    title: 'cost',
    align: 'right',
    value: ({ result }) => (result.cost ? money(result.cost.perMonth) : '–'),
  },
  { title: 'verdict', value: ({ result }) => result.verdict },
];

/** Plans over a range of one field, such as `ratePerHour=10..100`. The exit code is the worst. */
export async function sweepPlan(
  loaded: LoadedProfile,
  text: string,
  flags: PlanFlags,
): Promise<number> {
  const { field, from, to } = parseSweep(text);
  const sources = new Map([...loaded.sources, [field, 'given' as const]]);
  const { checkProfile } = await import('../../config/read-profile.js');
  const profiles = Array.from({ length: STEPS }, (_, i) => {
    const value = from + ((to - from) * i) / (STEPS - 1);
    const profile = withField(loaded.profile, field, value);
    return { value, profile: checkProfile(profile, '--sweep') };
  });
  const rows = profiles.map(({ value, profile }) => ({
    value,
    result: planLoaded({ ...loaded, profile, sources }, flags),
  }));
  if (flags.json) printJson({ schemaVersion: PLAN_SCHEMA_VERSION, field, rows });
  else if (flags.csv) print(answersCsv(field, rows));
  else print(`${field}\n${formatTable(COLUMNS, rows)}`);
  return Math.max(...rows.map(({ result }) => result.exitCode));
}

function parseSweep(text: string): { field: (typeof FIELDS)[number]; from: number; to: number } {
  const match = /^([\w.]+)=(-?[\d.]+?)\.\.(-?[\d.]+)$/.exec(text);
  const field = FIELDS.find((name) => name === match?.[1]);
  const from = Number(match?.[2]);
  const to = Number(match?.[3]);
  if (field === undefined || !(to > from)) {
    throw new DswError('usage', `--sweep: expected FIELD=FROM..TO with FROM < TO, got "${text}".`, {
      hint: `Fields: ${FIELDS.join(', ')}. For example: --sweep ratePerHour=10..100`,
    });
  }
  return { field, from, to };
}

function withField(profile: Profile, field: (typeof FIELDS)[number], value: number): Profile {
  const [group = '', key] = field.split('.');
  if (key === undefined) return { ...profile, [group]: value };
  const inner = profile[group as 'container' | 'target'];
  return { ...profile, [group]: { ...inner, [key]: value } };
}
