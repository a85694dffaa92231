import { describe, expect, it } from 'vitest';
import { QUEUE_NAMES } from '../../src/planning/queue-names.js';
import { TurnOrder } from '../../src/planning/queue-order.js';

describe('TurnOrder', () => {
  it('strict always starts with the most urgent', () => {
    expect(new Set(new TurnOrder(['default', 'maintenance'], 'strict').next(20))).toEqual(
      new Set(['default']),
    );
  });

  it('weighted deals turns out by weight, evenly', () => {
    const turns = new TurnOrder(QUEUE_NAMES, 'weighted').next(150);
    const count = (queue: string) => turns.filter((name) => name === queue).length;
    expect(QUEUE_NAMES.map(count)).toEqual([80, 40, 20, 10]);
    for (const [queue, gap] of [
      ['high_priority', 2],
      ['default', 4],
      ['low_priority', 8],
      ['maintenance', 15],
    ] as const) {
      const places = turns.flatMap((name, i) => (name === queue ? [i] : []));
      const gaps = places.slice(1).map((place, i) => place - places[i]!);
      expect(Math.max(...gaps), queue).toBeLessThanOrEqual(gap + 1);
    }
  });

  it('weighted knows only the queues that are served', () => {
    expect(new Set(new TurnOrder(['low_priority', 'maintenance'], 'weighted').next(30))).toEqual(
      new Set(['low_priority', 'maintenance']),
    );
  });
});
