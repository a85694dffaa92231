import { describe, expect, it } from 'vitest';
import { Random } from '../../src/planning/simulation/random.js';
import { LEASE_SECONDS, TICK_MS, tortureBeats } from '../support/beat-torture.js';

// npm test gives it a few seconds; npm run torture:beat minutes.
const seconds = Number(process.env.DSW_TORTURE_SECONDS ?? '6');

describe('five beats that are killed and frozen, on a Redis that is killed too', () => {
  it(
    'enqueue each due tick exactly once, and none is missed',
    async () => {
      const random = new Random(5);
      const report = await tortureBeats(seconds, () => random.uniform());
      const { all, once, ...done } = report;
      process.stderr.write(
        `${JSON.stringify(done)}: ${all.length} ticks of all, ${once.length} of once\n`,
      );
      expect(done.kills + done.freezes + done.restarts).toBeGreaterThan(seconds / 4);
      expect(all).toEqual(all.map((_, i) => all[0]! + i * TICK_MS));
      expect(all.length).toBeGreaterThanOrEqual((seconds * 1000) / TICK_MS);
      // Under "once" no tick comes twice or goes back, and a blow costs a lease and a second at most.
      expect(once).toEqual([...new Set(once)].sort((a, b) => a - b));
      const missedMs = once.at(-1)! - once[0]! - (once.length - 1) * TICK_MS;
      const blows = done.kills + done.freezes + done.restarts;
      expect(missedMs).toBeLessThanOrEqual(blows * (LEASE_SECONDS + 1) * 1000);
      expect(once.length).toBeGreaterThan(seconds);
    },
    (seconds + 60) * 1000,
  );
});
