import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { readEnvironment } from '../../src/config/environment.js';
import { alertSubject } from '../../src/monitor/alerts/alert-rules.js';
import { CHECKS } from '../../src/monitor/doctor/diagnose.js';
import { NO_FACTS, type Facts } from '../../src/monitor/doctor/check.js';
import { readExpected, type Expected } from '../../src/monitor/doctor/expected.js';
import { readAlertMetric } from '../../src/planning/alert-metrics.js';
import type { AlertRule } from '../../src/planning/alerts.js';
import { systemFigures } from '../../src/planning/system-figures.js';
import { takePicture } from '../../src/monitor/picture.js';
import { emptyFlow, queueFlowOf, taskFlowOf, countTry } from '../../src/planning/flow.js';
import type {
  FlowBucket,
  IdleSlots,
  SystemSnapshot,
  WorkerSnapshot,
} from '../../src/planning/snapshot.js';
import {
  queueSnapshot,
  scheduleSnapshot,
  systemSnapshot,
  workerSnapshot,
} from '../support/snapshots.js';

const AT = 3_600_000;
const WATCH_DOCS = readFileSync('docs/watch.md', 'utf8');

interface Case {
  snapshot?: Partial<SystemSnapshot>;
  expected?: Partial<Expected>;
  alerts?: AlertRule[];
  facts?: Partial<Facts>;
}

function found({ snapshot, expected, facts, alerts = [] }: Case) {
  const settings = loadSettings({}, readEnvironment({}));
  const standards = {
    settings: { ...settings, alerts: { ...settings.alerts, rules: alerts } },
    expected: { workers: undefined, slots: undefined, plan: undefined, ...expected },
  };
  const whole = systemSnapshot({ workers: [workerSnapshot()], ...snapshot });
  const picture = takePicture(whole, standards, { facts: { ...NO_FACTS, ...facts } });
  return picture.diagnosis.findings;
}

const worker = (values: Partial<WorkerSnapshot>): Case => ({
  snapshot: { workers: [workerSnapshot(values)] },
});

const redis = (values: Partial<SystemSnapshot['redis']>): Case => ({
  snapshot: { redis: { ...systemSnapshot().redis, ...values } },
});

/** Minutes in which `failed` of `tries` jobs failed, each taking `seconds`. */
function minutes(tries: number, failed: number, seconds = 1): FlowBucket[] {
  const bucket = emptyFlow(AT - 60_000);
  for (let i = 0; i < tries; i++) {
    const completed = i >= failed;
    const tried = { queue: 'default' as const, task: 'ocr', waitSeconds: 1, cpuSeconds: seconds };
    countTry(bucket, { ...tried, serviceSeconds: seconds, completed });
  }
  return [bucket, emptyFlow(AT)];
}

function growing(): FlowBucket[] {
  const bucket = emptyFlow(AT - 600_000);
  queueFlowOf(bucket, 'high_priority').waiting = 2;
  return [bucket, emptyFlow(AT)];
}

function slower(): Partial<SystemSnapshot> {
  const [recent] = minutes(30, 0, 20);
  const day = emptyFlow(0);
  for (let i = 0; i < 200; i++) {
    const tried = { queue: 'default' as const, task: 'ocr', waitSeconds: 1, cpuSeconds: 1 };
    countTry(day, { ...tried, serviceSeconds: 4 + (i % 3) * 0.1, completed: true });
  }
  taskFlowOf(day, 'ocr');
  return { minutes: [recent!, emptyFlow(AT)], hours: [day] };
}

const idle = (slots: IdleSlots): Case => ({
  snapshot: {
    queues: [queueSnapshot({ waiting: 3, oldestWaitSeconds: 30 })],
    workers: [workerSnapshot({ idle: slots })],
  },
});

function stuck(): Partial<SystemSnapshot> {
  const job = { id: 'j1', queue: 'default', task: 'ocr', startedAt: AT - 600_000 } as const;
  const running = [{ ...job, label: undefined, progress: undefined }];
  return { minutes: minutes(20, 0), workers: [workerSnapshot({ busy: 1, running })] };
}

const beat = systemSnapshot().beats[0]!;
const schedule = scheduleSnapshot({ overdue: true });

const supervisor = { id: 's1', host: 'host-1', pid: 1, startedAt: 0, replicas: 3 };
const plan = {
  profile: 'medium',
  deployment: '4 × 4',
  jobsPerHour: 30,
  serviceSeconds: 60,
  p95WaitSeconds: 300,
};
const RULE: AlertRule = {
  name: 'long_queue',
  metric: 'waiting',
  comparison: 'above',
  value: 2,
  forSeconds: 60,
  severity: 'error',
  action: 'call Ann',
};

/** A quarter of an hour in which `jobs` came and were done, each after `waitSeconds`. */
function quarter(jobs: number, waitSeconds: number, serviceSeconds: number): FlowBucket[] {
  const bucket = emptyFlow(AT - 900_000);
  queueFlowOf(bucket, 'default').enqueuedBefore = 0;
  queueFlowOf(bucket, 'default').enqueuedTotal = jobs;
  for (let i = 0; i < jobs; i++) {
    const tried = { queue: 'default' as const, task: 'ocr', cpuSeconds: 0, completed: true };
    countTry(bucket, { ...tried, waitSeconds, serviceSeconds });
  }
  return [bucket, emptyFlow(AT)];
}

const limited = (hardSeconds: number): Partial<SystemSnapshot> => ({
  minutes: minutes(20, 0, 10),
  hours: minutes(20, 0, 10),
  workers: [workerSnapshot({ timeLimits: { ocr: { hardSeconds } } })],
});

const CASES: [check: string, severity: 'error' | 'warning', evidence: RegExp, state: Case][] = [
  ['no-workers', 'error', /0 jobs wait/, { snapshot: { workers: [] } }],
  ['fewer-workers', 'error', /1 run and 0 start, 3 are expected/, { expected: { workers: 3 } }],
  [
    'fewer-workers',
    'warning',
    /1 run and 0 start, 3 are expected \(kept by s1: look at its log\)$/,
    { snapshot: { supervisors: [supervisor] } },
  ],
  [
    'no-workers',
    'error',
    /^0 jobs wait, 3 are expected \(kept by s1: look at its log\)/,
    { snapshot: { workers: [], supervisors: [supervisor] } },
  ],
  ['fewer-slots', 'error', /4 slots .* 8 are expected$/, { expected: { slots: 8 } }],
  [
    'lost-workers',
    'error',
    /no sign of life for 41s/,
    worker({ state: 'lost', silentSeconds: 41 }),
  ],
  [
    'lost-workers',
    'warning',
    /b gave no sign of life for 41s/,
    {
      snapshot: {
        workers: [
          workerSnapshot({ startedAt: AT - 5000 }),
          workerSnapshot({ id: 'b', state: 'lost', silentSeconds: 41 }),
        ],
      },
    },
  ],
  ['unserved-queues', 'warning', /the workers serve default/, worker({ queues: ['default'] })],
  ['other-prefix', 'warning', /w-0000ffff hold/, { facts: { connectedWorkers: ['w-0000ffff'] } }],
  ['holding-back', 'warning', /memory 85 %/, worker({ holdingBack: 'memory 85 %' })],
  [
    'idle-slots',
    'warning',
    /^4 of 4 are free, 3 jobs wait in its queues: j1 runs alone$/,
    idle({ cause: 'suspect', reason: 'j1 runs alone', jobId: 'j1' }),
  ],
  [
    'idle-slots',
    'error',
    /^4 of 4 are free, 3 jobs wait in its queues: it has not reached its queues for 20 s$/,
    idle({ cause: 'unreached', reason: 'has not reached its queues for 20 s' }),
  ],
  [
    'idle-slots',
    'error',
    /: it sees none of 3 waiting jobs$/,
    idle({ cause: 'no jobs', reason: 'no jobs' }),
  ],
  [
    'paused-queues',
    'warning',
    /3 jobs wait/,
    { snapshot: { queues: [queueSnapshot({ paused: true, waiting: 3 })] } },
  ],
  ['pid-1', 'warning', /process 1/, worker({ isPid1: true })],
  [
    'mixed-versions',
    'warning',
    /0\.1\.0 and 0\.2\.0/,
    { snapshot: { workers: [workerSnapshot(), workerSnapshot({ id: 'b', version: '0.2.0' })] } },
  ],
  [
    'backlog-growing',
    'error',
    /2 → 40 waiting.*4 of 4 are busy/,
    {
      snapshot: {
        minutes: growing(),
        queues: [queueSnapshot({ name: 'high_priority', waiting: 40 })],
        workers: [workerSnapshot({ busy: 4 })],
      },
    },
  ],
  ['stuck-jobs', 'warning', /has run on worker-a1b2 for 10m00s/, { snapshot: stuck() }],
  ['failure-rate', 'error', /4 of 20 failed/, { snapshot: { minutes: minutes(20, 4) } }],
  ['failure-rate', 'warning', /2 of 25 failed/, { snapshot: { minutes: minutes(25, 2) } }],
  [
    'slower-tasks',
    'warning',
    /on average 20s \(1\.3s over .*p95 21s \(4\.5s over/,
    { snapshot: slower() },
  ],
  [
    'dead-letters',
    'warning',
    /2 in default/,
    { snapshot: { queues: [queueSnapshot({ dead: 2 })] } },
  ],
  [
    'memory',
    'warning',
    /3482 of 4096 MB \(85 %\)/,
    worker({ memoryMb: 3482, memoryLimitMb: 4096 }),
  ],
  ['memory', 'error', /98 %/, worker({ memoryMb: 98, memoryLimitMb: 100 })],
  [
    'recycling',
    'warning',
    /0: never, memory at 60 %/,
    worker({ maxTasksPerSlot: 0, memoryMb: 60, memoryLimitMb: 100 }),
  ],
  [
    'cpu-quota',
    'warning',
    /8 slots share 2 cores/,
    {
      snapshot: {
        minutes: minutes(20, 0),
        hours: minutes(20, 0),
        workers: [workerSnapshot({ slots: 8, cpuLimitCores: 2 })],
      },
    },
  ],
  [
    'lease',
    'warning',
    /round trip takes 900 ms/,
    worker({ leaseSeconds: 3, redisRoundTripMs: 900 }),
  ],
  ['lost-results', 'warning', /2 results came too late/, worker({ lostResults: 2 })],
  [
    'drain',
    'warning',
    /get 25 s .* 99 of 100/,
    { snapshot: { minutes: minutes(20, 0, 300), workers: [workerSnapshot()] } },
  ],
  ['clock-skew', 'warning', /5s ahead of/, worker({ clockSkewMs: 5000 })],
  ['clock-skew', 'warning', /8s behind/, { facts: { clockSkewMs: -8000 } }],
  ['scheduler', 'warning', /0 beats are up/, { snapshot: { beats: [] } }],
  [
    'scheduler',
    'error',
    /b1 and b2/,
    {
      snapshot: {
        beats: [
          { ...beat, id: 'b1' },
          { ...beat, id: 'b2' },
        ],
      },
    },
  ],
  [
    'beat-versions',
    'warning',
    /b1 on host-1 \(0\.1\.0, at work\) and b2 on host-1 \(0\.0\.9, standing by\)/,
    {
      snapshot: {
        beats: [
          { ...beat, id: 'b1' },
          { ...beat, id: 'b2', holder: false, version: '0.0.9' },
        ],
      },
    },
  ],
  [
    'foreign-schedulers',
    'warning',
    /on queue default send nightly/,
    { facts: { foreignSchedulers: [{ kind: 'bullmq', where: 'default', sends: ['nightly'] }] } },
  ],
  [
    'foreign-schedulers',
    'warning',
    /under prefix "dsw2" sends cleanup_old_files/,
    {
      snapshot: { schedules: [schedule] },
      facts: {
        foreignSchedulers: [{ kind: 'prefix', where: 'dsw2', sends: ['cleanup_old_files', 'x'] }],
      },
    },
  ],
  [
    'beyond-norm',
    'warning',
    /4 wait, its norm is at most 2/,
    { snapshot: { queues: [queueSnapshot({ name: 'high_priority', waiting: 4 })] } },
  ],
  [
    'replicas',
    'warning',
    /add 1 \(1 → 2\): 1 lost/,
    {
      snapshot: { workers: [workerSnapshot(), workerSnapshot({ id: 'b', state: 'lost' })] },
    },
  ],
  ['time-limits', 'warning', /hard limit is 10m00s; 99 of 100 .* 11s/, { snapshot: limited(600) }],
  [
    'time-limits',
    'warning',
    /hard limit is 12s; 99 of 100 end within 11s/,
    { snapshot: limited(12) },
  ],
  [
    'lease',
    'warning',
    /lease of 5 s .*; 99 of 100 jobs take up to 21s/,
    {
      snapshot: { minutes: minutes(20, 0, 20), workers: [workerSnapshot({ leaseSeconds: 5 })] },
    },
  ],
  [
    'fewer-workers',
    'error',
    /1 run and 0 start, 4 are expected \(the plan of medium: 4 × 4\)/,
    { expected: { workers: 4, plan } },
  ],
  [
    'plan-load',
    'warning',
    /80 jobs an hour, the plan of medium counts on 30/,
    {
      expected: { plan },
      snapshot: { queues: [queueSnapshot({ enqueuedTotal: 20 })], minutes: quarter(20, 1, 50) },
    },
  ],
  [
    'plan-service',
    'warning',
    /1m30s on average, the plan of medium counts on 1m00s/,
    { expected: { plan }, snapshot: { minutes: quarter(20, 1, 90) } },
  ],
  [
    'plan-wait',
    'warning',
    /p95 wait is .*, the plan of medium allows 5m00s with 4 × 4/,
    { expected: { plan }, snapshot: { minutes: quarter(20, 600, 50) } },
  ],
  [
    'alert-rules',
    'error',
    /^waiting is 3, above 2$/,
    { alerts: [RULE], snapshot: { queues: [queueSnapshot({ waiting: 3 })] } },
  ],
  [
    'alert-rules',
    'error',
    /^waiting.high_priority is 11, above 10$/,
    { snapshot: { queues: [queueSnapshot({ name: 'high_priority', waiting: 11 })] } },
  ],
  ['overdue-schedules', 'error', /cleanup_old_files/, { snapshot: { schedules: [schedule] } }],
  ['eviction', 'error', /allkeys-lru/, redis({ evictionPolicy: 'allkeys-lru' })],
  ['persistence', 'warning', /no append-only file/, redis({ persistence: 'none' })],
  [
    'persistence',
    'warning',
    /snapshots are on/,
    { ...redis({ persistence: 'none' }), facts: { savesSnapshots: true } },
  ],
  ['redis-version', 'warning', /version 5\.0\.7/, redis({ version: '5.0.7' })],
  ['redis-role', 'error', /slave/, redis({ role: 'replica' })],
  ['redis-memory', 'warning', /90 of 100 MB/, redis({ usedMemoryMb: 90, maxMemoryMb: 100 })],
  ['connections', 'warning', /9000 of 10000/, redis({ connections: 9000 })],
  ['round-trip', 'warning', /up to 80 ms/, worker({ redisRoundTripMs: 80 })],
  ['orphaned-documents', 'warning', /7 stored documents/, { facts: { orphanedDocuments: 7 } }],
];

/** A growing backlog beside what it comes from. */
const CAUSES: [evidence: RegExp, state: Case][] = [
  [/waiting.*: more comes in than the slots get done$/, {}],
  [/: too few slots: 4 of 4 are busy$/, worker({ busy: 4 })],
  [/: 2 workers are missing$/, { expected: { workers: 3 } }],
  [/: slower than their baseline: ocr$/, { snapshot: slower() }],
  [/: 20 % of the tries fail and are repeated$/, { snapshot: { minutes: minutes(20, 4) } }],
  [/: slots are held by stuck jobs$/, { snapshot: stuck() }],
  [/: the time limit of ocr is too high: its hard limit is 10m00s/, { snapshot: limited(600) }],
];

/** Why a command line of dsw is wrong; undefined when it could be run. */
async function misuse(line: string): Promise<string | undefined> {
  const [, ...words] = line.split(' ');
  let command = await buildProgram(words);
  for (let sub; (sub = command.commands.find((one) => one.name() === words[0])); words.shift())
    command = sub;
  if (command.parent === null) return 'no such command';
  const { operands, unknown } = command.parseOptions(words);
  const { length: most } = command.registeredArguments;
  const least = command.registeredArguments.filter(({ required }) => required).length;
  const isVariadic = command.registeredArguments.some(({ variadic }) => variadic);
  if (unknown.length > 0) return `unknown: ${unknown.join(' ')}`;
  if (operands.length < least) return 'too few arguments';
  return operands.length > most && !isVariadic ? 'too many arguments' : undefined;
}

describe('what is expected', () => {
  it('is what dsw.yaml says, and where it says nothing what the plan of its profile answers', async () => {
    const expect4 = await readExpected({ expected: { profile: 'medium' } });
    expect(expect4).toMatchObject({
      workers: 4,
      slots: 16,
      plan: { profile: 'medium', deployment: '4 × 4', jobsPerHour: 30, p95WaitSeconds: 300 },
    });
    const own = await readExpected({ expected: { profile: 'medium', workers: 5 } });
    expect([own.workers, own.slots]).toEqual([5, 16]);
    const nothing = { workers: undefined, slots: undefined, plan: undefined };
    expect(await readExpected({ expected: {} })).toEqual(nothing);
    await expect(readExpected({ expected: { profile: 'medum' } })).rejects.toThrow(
      'did you mean "medium"?',
    );
  });
});

describe('diagnose', () => {
  it('finds nothing in a healthy system', () => {
    expect(found({ expected: { workers: 1, slots: 4 } })).toEqual([]);
  });

  it.each(CASES)('%s (%s) %s', (check, severity, evidence, state) => {
    const finding = found(state).find((one) => one.check === check);
    expect(finding).toMatchObject({ check, severity });
    expect(finding?.evidence).toMatch(evidence);
    expect(finding?.fix).not.toBe('');
  });

  it.each<[string, Partial<SystemSnapshot>, missing: number]>([
    ['all there', { workers: [workerSnapshot()] }, 0],
    ['one lost', { workers: [workerSnapshot(), workerSnapshot({ state: 'lost' })] }, 1],
    [
      'one lost and replaced',
      { workers: [workerSnapshot({ startedAt: AT }), workerSnapshot({ state: 'lost' })] },
      0,
    ],
    ['too few of a supervisor', { workers: [workerSnapshot()], supervisors: [supervisor] }, 2],
  ])(
    'counts missing workers for the alert where nobody says how many: %s',
    (_, values, missing) => {
      const snapshot = systemSnapshot(values);
      const expected = { workers: undefined, slots: undefined, plan: undefined };
      const subject = alertSubject(snapshot, systemFigures(snapshot), expected);
      expect(readAlertMetric('missingWorkers', subject)).toBe(missing);
    },
  );

  it.each(CAUSES)('names what a growing backlog comes from: %s', (evidence, state) => {
    const snapshot = {
      queues: [queueSnapshot({ name: 'high_priority', waiting: 40, oldestWaitSeconds: 90 })],
      ...state.snapshot,
      minutes: [...growing().slice(0, 1), ...(state.snapshot?.minutes ?? growing())],
    };
    const finding = found({ ...state, snapshot }).find(({ check }) => check === 'backlog-growing');
    expect(finding?.evidence).toMatch(evidence);
    // Short term: more replicas, by the guide's step of 3 to 5. Long term: what it lists.
    expect(finding?.fix).toMatch(
      /^now: start one more: dsw worker; .* For good: .*(lower time limits|hardLimitSeconds).*model calls faster, cache/,
    );
  });

  it('gives fixes that can be typed as they stand', async () => {
    const fixes = CASES.flatMap(([, , , state]) => found(state).map(({ fix }) => fix));
    const commands = fixes.flatMap((fix) => fix.match(/(?<![\w.])dsw [^;:,.()]+/g) ?? []);
    expect(new Set(commands).size).toBeGreaterThan(15);
    for (const command of commands) expect(await misuse(command.trim()), command).toBeUndefined();
    expect(fixes.filter((fix) => /<\w+>/.test(fix))).toEqual([]);
  });

  it('knows slots that wait for I/O from slots that wait for cores', () => {
    const at = (cpuSeconds: number, cpuCores: number): string[] => {
      const [bucket] = minutes(20, 0, 10);
      taskFlowOf(bucket!, 'ocr').cpuSeconds = 20 * cpuSeconds;
      const workers = [workerSnapshot({ slots: 8, busy: 8, cpuLimitCores: 2, cpuCores })];
      const hours = [bucket!];
      return found({ snapshot: { minutes: hours, hours, workers } }).map(({ check }) => check);
    };
    // A wait ratio of 3: cores x (1 + 3) slots are right.
    expect(at(2.5, 1.6)).not.toContain('cpu-quota');
    // The same share while both cores are in use: jobs wait for them.
    expect(at(2.5, 2)).toContain('cpu-quota');
    expect(at(10, 0.5)).toContain('cpu-quota');
  });

  it.each(CHECKS)('has a case above and a place in the docs for $id', ({ id }) => {
    expect(CASES.map(([check]) => check)).toContain(id);
    expect(WATCH_DOCS).toContain(`\`${id}\``);
  });

  it('puts errors first', () => {
    const severities = found({ snapshot: { workers: [], beats: [] } }).map(
      ({ severity }) => severity,
    );
    expect(severities).toEqual(['error', 'warning']);
  });
});
