import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../src/config/load-profile.js';
import { profileSchema } from '../../../src/config/profile-schema.js';
import { planCapacity } from '../../../src/planning/capacity/plan-capacity.js';
import type { Profile } from '../../../src/planning/capacity/profile.js';
import { recommendedSlots } from '../../../src/planning/capacity/slots.js';

const low = (await loadProfile('low')).profile;
const medium = (await loadProfile('medium')).profile;
const fleet = (maxReplicas: number): Profile['fleet'] => ({ ...medium.fleet, maxReplicas });

describe('slots beyond the cores', () => {
  it('are shown with what they hang on, and not chosen, while separate slots will do', () => {
    const { chosen, candidates, checks } = planCapacity(medium);
    expect(chosen).toMatchObject({ replicas: 4, concurrency: 4 });
    const row = candidates.find(({ concurrency }) => concurrency === 5);
    expect(row).toMatchObject({ replicas: 3, verdict: 'met', excuse: { code: 'slower' } });
    expect(row?.excuse?.sentence).toMatch(/20 USD a month less, .*at 0 instead of 0.5 it misses/);
    expect(checks).toEqual([]);
  });

  it('are the answer where they hold as well if jobs never wait for I/O, and are cheaper', () => {
    const { chosen, checks, candidates } = planCapacity({ ...medium, ratePerHour: 5 });
    expect(chosen).toMatchObject({ replicas: 1, concurrency: 5, cost: { perMonth: { high: 60 } } });
    expect(checks.map(({ deployment }) => deployment)).toContainEqual({
      replicas: 1,
      concurrency: 5,
    });
    expect(candidates.find(({ slots }) => slots === 4)?.verdict).toBe('missed');
  });

  it('are not, when they hold in fewer of the cases within the intervals', () => {
    const { chosen, candidates, checks } = planCapacity(low);
    expect(chosen).toMatchObject({ replicas: 2, concurrency: 3 });
    const row = candidates.find(({ concurrency }) => concurrency === 5);
    expect(row?.excuse?.sentence).toMatch(
      /20 USD a month less, but holds in 76 % of the cases \(the answer in 98 %\), and its slots share/,
    );
    expect(checks).toEqual([]);
  });

  it('are the answer where nothing else meets the target, and are simulated then', () => {
    const { verdict, chosen, checks } = planCapacity({ ...medium, fleet: fleet(3) });
    expect(verdict).toBe('met');
    expect(chosen?.replicas).toBe(3);
    expect(chosen?.concurrency).toBeGreaterThan(4);
    expect(checks.at(-1)?.deployment).toEqual({
      replicas: 3,
      concurrency: chosen?.concurrency,
    });
  });
});

describe('the choice', () => {
  it('knows which concurrencies memory holds, however many the formula allows', () => {
    const result = planCapacity({ ...medium, ratePerHour: 0.5, waitRatio: 60 });
    expect(result.verdict).toBe('met');
    expect(result.memory?.verdict).not.toBe('risky');
    expect(result.chosen?.slots).toBeLessThanOrEqual(3);
  });

  it('takes what one of the memory models can’t hold, rather than nothing, and says so', () => {
    const container = { cores: 4, memoryLimitMb: 1050 };
    const result = planCapacity({ ...medium, ratePerHour: 10, container });
    expect(result).toMatchObject({ verdict: 'met', memory: { verdict: 'risky' } });
    expect(result.chosen?.replicas).toBeLessThan(medium.fleet.maxReplicas);
    expect(result.warnings.map(({ code }) => code)).toContain('memoryRisk');
  });

  it('stays within the connections that Redis and the database accept', () => {
    const limits = { ...medium.limits, redisConnections: 7, databaseConnections: 9 };
    const result = planCapacity({ ...medium, limits, ratePerHour: 25 });
    expect(result).toMatchObject({ verdict: 'missed', exitCode: 3, chosen: { slots: 9 } });
  });

  it('says of a given deployment what would do for less', () => {
    const deployment = { replicas: 6, concurrency: 4 };
    const { candidates } = planCapacity(medium, { deployment });
    const cheaper = candidates.find(({ replicas, slots }) => replicas === 4 && slots === 16);
    expect(cheaper?.excuse).toMatchObject({ code: 'costsLess' });
    expect(cheaper?.excuse?.sentence).toContain('for 40 USD a month less');
  });

  it('simulates what runs today too, where formulas are weak', () => {
    const profile = profileSchema.parse({
      ratePerHour: 30,
      serviceTimeMinutes: 20,
      serviceTimeScv: 4,
      current: { replicas: 3, concurrency: 4 },
    });
    const { current, checks } = planCapacity(profile);
    const check = checks.find(({ deployment }) => deployment.replicas === 3);
    expect(check?.deployment).toEqual({ replicas: 3, concurrency: 4 });
    const p95 = check?.agree ? check.analyticP95WaitSeconds : check?.simulatedP95WaitSeconds.mid;
    expect(current?.candidate.wait?.p95WaitSeconds).toBe(p95);
  });
});

describe('queues with service times of their own', () => {
  const shares = { high_priority: 0.2, default: 0.6, low_priority: 0.2 };
  const planOf = (own: Partial<Record<keyof typeof shares, number>>) =>
    planCapacity({
      ...medium,
      queues: Object.fromEntries(
        Object.entries(shares).map(([queue, share]) => [
          queue,
          { share, serviceTimeMinutes: own[queue as keyof typeof shares] },
        ]),
      ),
    });

  it('change nothing when they are the profile’s', () => {
    const own = planOf({ high_priority: 20, default: 20, low_priority: 20 });
    const { candidates } = planOf({});
    expect(own.candidates.map(({ verdict }) => verdict)).toEqual(
      candidates.map(({ verdict }) => verdict),
    );
    own.queues.forEach(({ p95WaitSeconds, meanWaitSeconds }, i) => {
      const row = candidates.find(({ slots }) => slots === own.chosen?.slots)?.queues[i];
      expect(meanWaitSeconds).toBeCloseTo(row?.meanWaitSeconds ?? NaN, 6);
      expect(p95WaitSeconds).toBeCloseTo(row?.p95WaitSeconds ?? NaN, 6);
    });
  });

  it('make up the load, each by its share', () => {
    const { why, queues, breakEvens } = planOf({ high_priority: 5, low_priority: 10 });
    expect(why.offeredLoadErlangs).toBeCloseTo((30 * (0.2 * 5 + 0.6 * 20 + 0.2 * 10)) / 60, 9);
    expect(queues.map(({ serviceTimeMinutes }) => Math.round(serviceTimeMinutes))).toEqual([
      5, 20, 10,
    ]);
    expect(breakEvens.find(({ field }) => field === 'serviceTimeMinutes')?.value).toBeCloseTo(15);
  });
});

describe('slots of a container', () => {
  it.each([
    [{ cores: 2.5, memoryLimitMb: 8192 }, 0.5, 2],
    [{ cores: 0.5, memoryLimitMb: 8192 }, 0, 1],
    [{ cores: 4, memoryLimitMb: 8192 }, 1, 5],
    [{ cores: 4, memoryLimitMb: 16_384 }, 1, 8],
    [{ cores: 8, memoryLimitMb: 4096 }, 0.5, 2],
    [{ cores: 8, memoryLimitMb: 512 }, 0.5, 1],
  ])('%j at wait ratio %d: %i', (container, waitRatio, slots) => {
    expect(recommendedSlots({ container, memory: medium.memory }, waitRatio)).toBe(slots);
  });
});

describe('a wanted share of cases', () => {
  const wanting = (confidence: number, changes: Partial<Profile> = {}) =>
    planCapacity({ ...medium, ...changes, target: { p95WaitMinutes: 5, confidence } });

  it('is what the answer holds in', () => {
    const { verdict, chosen, candidates } = wanting(0.95);
    expect(verdict).toBe('met');
    expect(chosen?.holdsInShareOfCases).toBeGreaterThanOrEqual(0.95);
    const fewer = candidates.find(
      ({ replicas, concurrency }) =>
        replicas === (chosen?.replicas ?? 0) - 1 && concurrency === chosen?.concurrency,
    );
    expect(fewer).toMatchObject({ verdict: 'missed', excuse: { code: 'notInEnoughCases' } });
    expect(fewer?.holdsInShareOfCases).toBeLessThan(0.95);
  });

  it('is a reason to refuse when nothing within the limits holds in as many', () => {
    const result = wanting(0.95, { fleet: { ...fleet(4), concurrency: 4 } });
    expect(result).toMatchObject({ verdict: 'missed', exitCode: 3, chosen: { replicas: 4 } });
    if (result.verdict === 'met') return;
    expect(result.excuse.sentence).toMatch(/in 70 % of the cases; 95 % are wanted/);
    expect(result.wouldDo?.replicas).toBeGreaterThan(4);
  });
});
