import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../src/config/load-profile.js';
import { planCapacity } from '../../../src/planning/capacity/plan-capacity.js';
import type { Profile } from '../../../src/planning/capacity/profile.js';

const burst = (await loadProfile('burst')).profile;
const short = { bursts: [{ atHour: 10, minutes: 10, ratePerHour: 300 }] };
const given = { replicas: 5, concurrency: 4 };

function waitsOf(changes: Partial<Profile>, deployment = given) {
  const { chosen, checks, verdict } = planCapacity({ ...burst, ...changes }, { deployment });
  return { wait: chosen!.wait!, checks, verdict, queues: chosen!.queues, chosen: chosen! };
}

describe('a burst', () => {
  it('of the shipped profile has exact waits and needs no simulation', () => {
    const { chosen, checks, verdict } = planCapacity(burst);
    expect(verdict).toBe('met');
    expect(checks).toEqual([]);
    expect(chosen).toMatchObject({
      replicas: 6,
      concurrency: 4,
      wait: { method: 'M(t)/M/c', exact: true, during: { name: 'the burst at 10 h' } },
    });
  });

  it('that brings more than can be finished clears: its wait is long, not endless', () => {
    const { wait, verdict, chosen } = waitsOf(short);
    expect(verdict).toBe('missed');
    expect(chosen.backlogGrowthPerHour).toBe(0);
    expect(wait.p95WaitSeconds).toBeGreaterThan(1500);
    expect(wait.p95WaitSeconds).toBeLessThan(2000);
    expect(waitsOf({ ...short, target: { p95WaitMinutes: 35 } }).verdict).toBe('met');
  });

  it('is unstable only when the mean of the day is', () => {
    const { verdict, excuse } = planCapacity(burst, {
      deployment: { replicas: 2, concurrency: 2 },
    }) as { verdict: string; excuse?: { sentence: string } };
    expect(verdict).toBe('unstable');
    expect(excuse?.sentence).toMatch(/12 documents an hour, 13.3 arrive on the average of a day/);
  });

  // Each beside what is exact for one queue of single documents, or near it.
  it.each<[string, Partial<Profile>]>([
    ['varied service', { serviceTimeScv: 4 }],
    ['even service', { serviceTimeScv: 0 }],
    ['batches', { batchSize: 5 }],
    ['hours', { hourlyShape: Array.from({ length: 24 }, (_, hour) => 1 + (hour % 3)) }],
  ])('is simulated for %s, with its interval', (_, changes) => {
    const { wait, checks } = waitsOf({ ...short, ...changes });
    const [check] = checks;
    const { low, mid, high } = check!.simulatedP95WaitSeconds;
    expect(check?.because).toMatch(/a burst$/);
    expect(low).toBeLessThan(mid);
    expect(high).toBeGreaterThan(mid);
    expect(high / low).toBeLessThan(1.3);
    expect(wait.p95WaitSeconds).toBe(check!.agree ? check!.analyticP95WaitSeconds : mid);
    // The approximation that is searched with is not far off.
    expect(check!.analyticP95WaitSeconds / mid).toBeGreaterThan(0.75);
    expect(check!.analyticP95WaitSeconds / mid).toBeLessThan(1.5);
  });

  it('is answered by the fewest replicas that a simulation lets pass, however far off the formula', () => {
    const changes = { serviceTimeScv: 4, bursts: [{ atHour: 10, minutes: 30, ratePerHour: 120 }] };
    const { chosen, checks } = planCapacity({ ...burst, ...changes });
    const simulated = checks.map(({ deployment, simulatedP95WaitSeconds: { mid } }) => ({
      slots: deployment.replicas * deployment.concurrency,
      isMet: mid <= 300,
    }));
    expect(chosen!.wait!.p95WaitSeconds).toBeGreaterThan(0);
    expect(simulated).toContainEqual({ slots: chosen!.slots, isMet: true });
    expect(simulated).toContainEqual({ slots: chosen!.slots - 4, isMet: false });
  });

  it('leaves urgent queues short waits in the simulation as in the formula', () => {
    const queues = {
      high_priority: { share: 0.2 },
      default: { share: 0.5 },
      low_priority: { share: 0.3 },
    };
    const { wait, checks, queues: waits } = waitsOf({ ...short, queues });
    expect(checks[0]?.because).toBe('a burst');
    // All documents together wait as in one queue, whose p95 is exact.
    const exact = waitsOf(short).wait.p95WaitSeconds;
    expect(Math.abs(wait.p95WaitSeconds / exact - 1)).toBeLessThan(0.3);
    const [first, , last] = waits.map(({ p95WaitSeconds }) => p95WaitSeconds);
    expect(first).toBeLessThan(0.3 * (last ?? 0));
  });
});

describe('hours that bring more than can be finished', () => {
  const hourlyShape = [
    0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 1, 2, 3, 3, 3, 3, 3, 2, 2, 1, 1, 0.5, 0.5,
  ].concat([0.2, 0.2, 0.2, 0.2]);
  const day = { hourlyShape, bursts: [], ratePerHour: 30 };

  it('make waits that end, agreeing with simulation', () => {
    const { wait, checks, verdict } = waitsOf({ ...day, current: undefined });
    expect(verdict).toBe('missed');
    expect(wait.during?.name).toBe('the time from 14 to 16 h');
    expect(checks[0]?.because).toBe('hours of overload');
    const { low, high } = checks[0]!.simulatedP95WaitSeconds;
    expect(checks[0]!.analyticP95WaitSeconds).toBeGreaterThan(0.95 * low);
    expect(checks[0]!.analyticP95WaitSeconds).toBeLessThan(1.05 * high);
  });

  it('are staffed by modified offered load where slots suffice', () => {
    const { chosen, checks, verdict } = planCapacity({ ...burst, ...day, current: undefined });
    expect(verdict).toBe('met');
    expect(chosen?.wait).toMatchObject({ method: 'M/M/c', exact: false });
    expect(checks).toEqual([]);
  });
});
