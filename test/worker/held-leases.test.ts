import { expect, it } from 'vitest';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { HeldLeases } from '../../src/worker/held-leases.js';

const lease = (token: string): LeasedJob => ({ id: 'j1', token }) as LeasedJob;

it('a job that is leased anew before its giving back is heard of runs, and stays held', () => {
  const held = new HeldLeases();
  const [first, second] = [lease('t1'), lease('t2')];
  expect(held.adopt([first])).toEqual([first]);
  held.settling([first]);
  expect(held.toRenew).toEqual([]);
  // The other connection's reply comes first.
  expect(held.adopt([second])).toEqual([second]);
  held.release([first]);
  expect(held.toRenew).toEqual([second]);
  held.settling([second]);
  held.release([second]);
  expect(held.all).toEqual([]);
});

it('a job that runs here already only gets its new token', () => {
  const held = new HeldLeases();
  const running = lease('t1');
  held.adopt([running]);
  held.settling([running]);
  held.notSettled([running]);
  expect(held.adopt([lease('t2')])).toEqual([]);
  expect(held.all).toEqual([running]);
  expect(running.token).toBe('t2');
});
