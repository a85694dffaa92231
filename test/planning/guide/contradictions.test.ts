import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../src/config/load-profile.js';
import { planCapacity } from '../../../src/planning/index.js';

const ALL = [
  'memory',
  'wait ratio',
  'which lever first',
  'cost units',
  'scaling triggers',
  'deployment for medium traffic',
  'class edges',
  'six documents waiting “~20 min each”',
  'all slots busy',
];

const { profile } = await loadProfile('medium');

function bearing(changes: Partial<typeof profile>): string[] {
  const { contradictions } = planCapacity({ ...profile, ...changes });
  expect(contradictions).toHaveLength(ALL.length);
  return contradictions.filter(({ bearsOnAnswer }) => bearsOnAnswer).map(({ topic }) => topic);
}

function effectOf(topic: string): string {
  const { contradictions } = planCapacity(profile);
  return contradictions.find((point) => point.topic === topic)?.effect ?? '';
}

describe('contradictions of the guides', () => {
  it('are named where they bear on the answer, and known where they do not', () => {
    expect(planCapacity(profile).contradictions.map(({ topic }) => topic)).toEqual(ALL);
    expect(bearing({})).toEqual(ALL.slice(0, 7));
  });

  it('bear on it or not by what the profile leaves open', () => {
    expect(bearing({ memory: { ...profile.memory, model: 'shared' } })).not.toContain('memory');
    expect(bearing({ ratePerHour: 30 })).not.toContain('class edges');
    expect(bearing({ cost: { ...profile.cost, baseCost: undefined } })).not.toContain('cost units');
    expect(bearing({ batchSize: 5 })).toContain(ALL[7]);
    const fleet = { minReplicas: 4, maxReplicas: 4 };
    expect(bearing({ fleet })).not.toContain('scaling triggers');
  });

  it('say what follows from either side', () => {
    expect(effectOf('wait ratio')).toContain('6 to 8 slots');
    expect(effectOf('which lever first')).toContain(
      'For 13 slots: 3 × 6 (5 services) by concurrency first, 4 × 4 (6 services) by replicas first',
    );
    expect(effectOf('scaling triggers')).toBe(
      'On 16 slots 6 waiting are 7m30s of wait, 11 are 13m45s: all come after the target of 5m00s.',
    );
    expect(effectOf('class edges')).toContain(
      'At 10 and 50 an hour the guides deploy 2 to 12 slots and 6 to 40 slots.',
    );
    expect(effectOf(ALL[7] ?? '')).toContain('17m30s on average');
  });
});
