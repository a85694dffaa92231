import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/config/settings.js';
import {
  decideReplicas,
  type ReplicaDecision,
  type ScalingMemory,
} from '../../src/planning/decide-replicas.js';
import { emptyFlow, queueFlowOf } from '../../src/planning/flow.js';
import type { ScalingPolicy } from '../../src/planning/scaling-policy.js';
import type { SystemSnapshot, WorkerSnapshot } from '../../src/planning/snapshot.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';

const { byHand, automatic } = settingsSchema.parse({}).scaling;

interface State {
  waiting?: number;
  busy?: number;
  running?: number;
  starting?: number;
  lost?: number;
  /** The last of the running ones was started so many seconds ago; default: long ago. */
  newSeconds?: number;
  paused?: boolean;
  queues?: WorkerSnapshot['queues'];
  /** Of the second replica, when it is another. */
  version?: string;
}

function stateAt(seconds: number, state: State): SystemSnapshot {
  const { waiting = 0, busy = 2, running = 3, starting = 0, lost = 0, paused = false } = state;
  const several = (count: number, values: Partial<WorkerSnapshot>): WorkerSnapshot[] =>
    Array.from({ length: count }, (_, i) =>
      workerSnapshot({
        id: `${values.state}-${i}`,
        ...(state.queues ? { queues: state.queues } : {}),
        ...(state.version && i === 1 ? { version: state.version } : {}),
        ...values,
      }),
    );
  const { newSeconds } = state;
  const started = (worker: WorkerSnapshot, i: number): WorkerSnapshot =>
    newSeconds === undefined || i < running - 1
      ? worker
      : { ...worker, startedAt: 1_000_000 + (seconds - newSeconds) * 1000 };
  return systemSnapshot({
    at: 1_000_000 + seconds * 1000,
    queues: [queueSnapshot({ waiting, paused }), queueSnapshot({ name: 'maintenance' })],
    workers: [
      ...several(running, { state: 'running', busy }).map(started),
      ...several(starting, { state: 'starting' }),
      ...several(lost, { state: 'lost', silentSeconds: 7 }),
    ],
  });
}

/** Decides about one state after another, each given with its second. */
function decideAll(policy: ScalingPolicy, ...states: [seconds: number, State][]): ReplicaDecision {
  let decision: ReplicaDecision | undefined;
  for (const [seconds, state] of states) {
    decision = decideReplicas(stateAt(seconds, state), policy, decision?.memory);
  }
  return decision!;
}

const idle = { busy: 0 };

describe('the rule by hand', () => {
  it.each<[string, [number, State][], number, ReplicaDecision['limitedBy'], string]>([
    [
      'keeps what is enough',
      [[0, { waiting: 2 }]],
      3,
      undefined,
      'keep 3: 2 waiting, 50 % busy; add one above 10 waiting',
    ],
    [
      'waits a while',
      [
        [0, { waiting: 12 }],
        [40, { waiting: 14 }],
      ],
      3,
      'duration',
      'keep 3: 14 waiting, above 10 for 40s of 5m00s',
    ],
    [
      'adds one',
      [
        [0, { waiting: 12 }],
        [300, { waiting: 14 }],
      ],
      4,
      undefined,
      'add 1 (3 → 4): 14 waiting, above 10 for 5m00s',
    ],
    [
      'starts over when it was not above in between',
      [
        [0, { waiting: 12 }],
        [299, { waiting: 10 }],
        [301, { waiting: 12 }],
      ],
      3,
      'duration',
      'keep 3: 12 waiting, above 10 for 0s of 5m00s',
    ],
    [
      'removes one, however many of the few wait',
      [
        [0, { ...idle, waiting: 9 }],
        [900, { ...idle, waiting: 9 }],
      ],
      2,
      undefined,
      'remove 1 (3 → 2): 0 % busy, below 30 % for 15m00s',
    ],
    [
      'keeps at ten',
      [
        [0, { waiting: 10 }],
        [300, { waiting: 10 }],
      ],
      3,
      undefined,
      'keep 3: 10 waiting, 50 % busy; add one above 10 waiting',
    ],
    [
      'removes one below 30 %',
      [
        [0, { busy: 1 }],
        [900, { busy: 1 }],
      ],
      2,
      undefined,
      'remove 1 (3 → 2): 25 % busy, below 30 % for 15m00s',
    ],
    [
      'keeps above 30 %',
      [
        [0, { busy: 1.25 }],
        [900, { busy: 1.25 }],
      ],
      3,
      undefined,
      'keep 3: 0 waiting, 31 % busy; add one above 10 waiting',
    ],
    [
      'waits a while before it removes',
      [
        [0, idle],
        [300, idle],
      ],
      3,
      'duration',
      'keep 3: 0 % busy, below 30 % for 5m00s of 15m00s',
    ],
    [
      'keeps the last',
      [
        [0, { ...idle, running: 1 }],
        [900, { ...idle, running: 1 }],
      ],
      1,
      'minReplicas',
      'keep 1: 0 % busy, 1 is the fewest allowed',
    ],
    [
      'goes no higher than the most',
      [
        [0, { waiting: 50, running: 10 }],
        [300, { waiting: 50, running: 10 }],
      ],
      10,
      'maxReplicas',
      'keep 10: 50 waiting, but 10 is the most allowed',
    ],
    [
      'brings too many down to the most',
      [[0, { running: 12 }]],
      10,
      'maxReplicas',
      'remove 2 (12 → 10): 10 is the most allowed',
    ],
    ['starts the first', [[0, { running: 0 }]], 1, 'minReplicas', 'add 1 (0 → 1): no worker runs'],
  ])('%s', (_, states, replicas, limitedBy, reason) => {
    expect(decideAll(byHand, ...states)).toMatchObject({ replicas, limitedBy, reason });
  });
});

describe('the automatic rule', () => {
  const busy = { waiting: 8 };
  it.each<[string, [number, State][], number, ReplicaDecision['limitedBy'], string]>([
    [
      'adds one above five',
      [
        [0, { waiting: 6 }],
        [30, { waiting: 6 }],
      ],
      4,
      undefined,
      'above 5 for 30s',
    ],
    [
      'keeps at five',
      [
        [0, { waiting: 5 }],
        [30, { waiting: 5 }],
      ],
      3,
      undefined,
      '5 waiting',
    ],
    [
      'goes no higher than ten',
      [
        [0, { waiting: 99, running: 10 }],
        [30, { waiting: 99, running: 10 }],
      ],
      10,
      'maxReplicas',
      '10 is the most allowed',
    ],
    ['starts two', [[0, { running: 0 }]], 2, 'minReplicas', 'add 2 (0 → 2)'],
    [
      'counts a replica on its way',
      [
        [0, busy],
        [30, busy],
        [95, { waiting: 9, starting: 1 }],
      ],
      4,
      'booting',
      '9 waiting, 1 on the way will do',
    ],
    [
      'adds another when that is not enough',
      [
        [0, busy],
        [30, busy],
        [95, { waiting: 10, starting: 1 }],
      ],
      5,
      undefined,
      '10 waiting',
    ],
    [
      'lets a change take effect first',
      [
        [0, busy],
        [30, busy],
        [80, { waiting: 20, running: 4 }],
      ],
      4,
      'cooldown',
      'last change 50s ago',
    ],
    [
      'asks again for what never came',
      [
        [0, busy],
        [30, busy],
        [40, busy],
        [161, busy],
      ],
      4,
      undefined,
      'add 1 (3 → 4)',
    ],
    [
      'goes on from what somebody else decided',
      [
        [0, {}],
        [10, { running: 6 }],
        [131, { running: 6 }],
      ],
      6,
      undefined,
      'keep 6',
    ],
    [
      'follows at once when more come than it asked for',
      [
        [0, { running: 0 }],
        [10, { running: 3 }],
      ],
      3,
      undefined,
      'keep 3',
    ],
    [
      'follows at once when somebody adds',
      [
        [0, {}],
        [10, { running: 6 }],
      ],
      6,
      undefined,
      'keep 6',
    ],
    [
      'does not follow a roll-out',
      [
        [0, {}],
        [10, { running: 4, version: '0.2.0' }],
      ],
      3,
      undefined,
      'keep 3',
    ],
    [
      'does not take back what it asked for',
      [
        [0, idle],
        [300, idle],
        [310, idle],
      ],
      2,
      'minReplicas',
      'remove 1 (3 → 2)',
    ],
    [
      'removes one below two and 30 %',
      [
        [0, { ...idle, waiting: 1 }],
        [300, { ...idle, waiting: 1 }],
      ],
      2,
      undefined,
      'remove 1',
    ],
    [
      'keeps while two wait',
      [
        [0, { ...idle, waiting: 2 }],
        [300, { ...idle, waiting: 2 }],
      ],
      3,
      undefined,
      'keep 3',
    ],
    [
      'keeps while busy',
      [
        [0, { busy: 2 }],
        [300, { busy: 2 }],
      ],
      3,
      undefined,
      'keep 3',
    ],
    [
      'keeps two',
      [
        [0, { ...idle, running: 2 }],
        [300, { ...idle, running: 2 }],
      ],
      2,
      'minReplicas',
      '2 is the fewest',
    ],
    [
      'does not remove soon after adding',
      [
        [0, busy],
        [30, busy],
        [40, { ...idle, running: 4 }],
        [329, { ...idle, running: 4 }],
      ],
      4,
      'duration',
      'below 30 %',
    ],
    [
      'does not remove while some are lost',
      [
        [0, { ...idle, lost: 1 }],
        [300, { ...idle, lost: 1 }],
      ],
      3,
      'lost',
      '1 lost',
    ],
    [
      'keeps its number while one is lost',
      [
        [0, {}],
        [10, { running: 2, lost: 1 }],
        [150, { running: 2, lost: 1 }],
      ],
      3,
      undefined,
      'add 1 (2 → 3): 1 lost',
    ],
    [
      'keeps its number while all are lost',
      [
        [0, {}],
        [10, { running: 0, lost: 3 }],
        [150, { running: 0, lost: 3 }],
      ],
      3,
      undefined,
      'no sign of life of 3',
    ],
    [
      // The dead one still counts as running at first, beside the one in its place.
      'does not count one that was replaced before it was seen to be lost',
      [
        [0, { running: 2 }],
        [2, { running: 3, newSeconds: 1 }],
        [10, { running: 2, lost: 1, newSeconds: 6 }],
      ],
      2,
      undefined,
      'keep 2',
    ],
    [
      'still asks for one more when one that was lost is replaced meanwhile',
      [
        [0, busy],
        [30, busy],
        [40, { ...busy, running: 2, lost: 1, newSeconds: 6 }],
      ],
      4,
      'cooldown',
      'add 2 (2 → 4)',
    ],
    [
      'leaves paused queues out',
      [
        [0, { waiting: 50, paused: true }],
        [30, { waiting: 50, paused: true }],
      ],
      3,
      undefined,
      '50 wait in paused queues',
    ],
    [
      'leaves queues out that no replica takes from',
      [
        [0, { waiting: 50, queues: ['maintenance'] }],
        [30, { waiting: 50, queues: ['maintenance'] }],
      ],
      3,
      undefined,
      '50 wait where no worker takes jobs',
    ],
    [
      'bears a clock that was set back',
      [
        [5000, busy],
        [0, busy],
        [30, busy],
      ],
      4,
      undefined,
      'above 5 for 30s',
    ],
  ])('%s', (_, states, replicas, limitedBy, reason) => {
    const decision = decideAll(automatic, ...states);
    expect(decision).toMatchObject({ replicas, limitedBy });
    expect(decision.reason).toContain(reason);
  });

  it('does not count maintenance, which may wait', () => {
    const snapshot = stateAt(0, {});
    snapshot.queues[1]!.waiting = 500;
    const first = decideReplicas(snapshot, automatic, undefined);
    expect(
      decideReplicas({ ...snapshot, at: snapshot.at + 60_000 }, automatic, first.memory),
    ).toMatchObject({ replicas: 3, limitedBy: undefined });
  });
});

it('judges utilization by the last minutes, where they are known', () => {
  // Ten minutes in which nothing ran: that all are busy at this moment is no news.
  const snapshotAt = (seconds: number): SystemSnapshot => {
    const snapshot = stateAt(seconds, { busy: 4 });
    const minutes = Array.from({ length: 10 }, (_, i) => {
      const minute = emptyFlow(snapshot.at - (9 - i) * 60_000 - 1000);
      queueFlowOf(minute, 'default').waiting = 0;
      return minute;
    });
    return { ...snapshot, minutes };
  };
  const first = decideReplicas(snapshotAt(0), byHand, undefined);
  const later = decideReplicas(snapshotAt(900), byHand, first.memory);
  expect(later.reason).toBe('remove 1 (3 → 2): 0 % busy, below 30 % for 15m00s');
});

describe('any rule, in any state', () => {
  const policies = fc
    .record({
      min: fc.integer({ min: 0, max: 5 }),
      range: fc.integer({ min: 1, max: 10 }),
      addAboveWaiting: fc.integer({ min: 0, max: 20 }),
      removeBelowWaiting: fc.integer({ min: 0, max: 21 }),
      removeBelowUtilization: fc.double({ min: 0, max: 0.45, noNaN: true }),
      cooldown: fc.integer({ min: 1, max: 600 }),
      bootSeconds: fc.integer({ min: 0, max: 600 }),
    })
    .map(({ min, range, cooldown, removeBelowWaiting, ...rest }) => ({
      ...automatic,
      ...rest,
      minReplicas: min,
      maxReplicas: min + range,
      removeBelowWaiting: Math.min(removeBelowWaiting, rest.addAboveWaiting + 1),
      addCooldownSeconds: cooldown,
      removeCooldownSeconds: cooldown,
    }));
  const states = fc.record({
    waiting: fc.integer({ min: 0, max: 40 }),
    busy: fc.integer({ min: 0, max: 4 }),
    running: fc.integer({ min: 0, max: 18 }),
    starting: fc.integer({ min: 0, max: 3 }),
    lost: fc.integer({ min: 0, max: 2 }),
    paused: fc.boolean(),
  });
  const times = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined });
  const memories = fc.record({
    replicas: fc.integer({ min: 0, max: 20 }),
    changedAt: times,
    isRemoval: fc.boolean(),
    aboveSince: times,
    belowSince: times,
    differsSince: times,
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(
        policies,
        states,
        fc.option(memories, { nil: undefined }),
        (policy, state, memory) => {
          const { replicas } = decideReplicas(stateAt(0, state), policy, memory);
          expect(replicas).toBeGreaterThanOrEqual(policy.minReplicas);
          expect(replicas).toBeLessThanOrEqual(policy.maxReplicas);
        },
      ),
    );
  });

  it('never wants fewer for a longer backlog', () => {
    fc.assert(
      fc.property(policies, states, memories, fc.nat(40), (policy, state, memory, more) => {
        const longer = { ...state, waiting: state.waiting + more };
        expect(decideReplicas(stateAt(0, longer), policy, memory).replicas).toBeGreaterThanOrEqual(
          decideReplicas(stateAt(0, state), policy, memory).replicas,
        );
      }),
    );
  });

  it('never adds and removes in the same state, whatever was before', () => {
    fc.assert(
      fc.property(policies, states, memories, memories, (policy, state, one, other) => {
        const replicas = state.running + state.starting;
        fc.pre(replicas >= policy.minReplicas && replicas <= policy.maxReplicas);
        const steps = [one, other].map(
          (memory) =>
            decideReplicas(stateAt(0, state), policy, { ...memory, replicas }).replicas - replicas,
        );
        expect(Math.min(...steps) < 0 && Math.max(...steps) > 0).toBe(false);
      }),
    );
  });

  it('decides the same when asked again within the cool-down', () => {
    fc.assert(
      fc.property(
        policies,
        states,
        memories,
        fc.integer({ min: 1, max: 20 }),
        (policy, state, memory, times) => {
          const first = decideReplicas(stateAt(0, state), policy, memory);
          fc.pre(first.memory.changedAt === stateAt(0, state).at);
          let last = first;
          const window = Math.min(policy.addCooldownSeconds, policy.bootSeconds || Infinity) * 0.99;
          for (let i = 0; i < times; i++) {
            last = decideReplicas(stateAt((i / times) * window, state), policy, last.memory);
          }
          expect(last.replicas).toBe(first.replicas);
        },
      ),
    );
  });

  it('changes its mind once at most while nothing changes and nobody follows it', () => {
    fc.assert(
      fc.property(policies, states, fc.integer({ min: 10, max: 200 }), (given, state, step) => {
        // With a shorter one it asks for more before it knows that nobody follows.
        const cooldown = given.bootSeconds + 2 * step;
        const cooldowns = { addCooldownSeconds: cooldown, removeCooldownSeconds: cooldown };
        const policy = { ...given, ...cooldowns };
        const present = state.running + state.starting;
        fc.pre(present >= policy.minReplicas && present <= policy.maxReplicas);
        fc.pre(state.lost === 0);
        const asked: number[] = [];
        let memory: ScalingMemory | undefined;
        for (let look = 0; look < 40; look++) {
          const decision = decideReplicas(stateAt(look * step, state), policy, memory);
          if (decision.replicas !== asked.at(-1)) asked.push(decision.replicas);
          memory = decision.memory;
        }
        expect(asked.length).toBeLessThanOrEqual(2);
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  it('settles under a steady load when it is followed, replicas taking their time to start', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 60 }), (policy, load) => {
        const follow = { running: policy.minReplicas, starting: 0, startedAt: 0 };
        const last: number[] = [];
        let memory: ScalingMemory | undefined;
        for (let at = 0; at < 24_000; at += 60) {
          if (follow.starting > 0 && at - follow.startedAt >= policy.bootSeconds) {
            follow.running += follow.starting;
            follow.starting = 0;
          }
          // Each replica of four slots does four jobs of the load; the others wait.
          const busy = Math.min(4, load / Math.max(1, follow.running));
          const waiting = Math.max(0, load - 4 * follow.running);
          const state = { waiting, busy, running: follow.running, starting: follow.starting };
          const { replicas, memory: next } = decideReplicas(stateAt(at, state), policy, memory);
          const more = replicas - follow.running - follow.starting;
          if (more > 0) Object.assign(follow, { starting: follow.starting + more, startedAt: at });
          else if (more < 0) follow.running += more;
          memory = next;
          if (at >= 16_000) last.push(replicas);
        }
        expect(new Set(last).size).toBe(1);
      }),
      { seed: 7, numRuns: 20 },
    );
  });
});
