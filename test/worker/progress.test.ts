import { expect, it } from 'vitest';
import type { IdleSlots } from '../../src/planning/snapshot.js';
import { healthOf, idleSlots, type Progress } from '../../src/worker/progress.js';

const suspect: IdleSlots = { cause: 'suspect', reason: 'j1 runs alone' };
const memory: IdleSlots = { cause: 'memory', reason: 'memory 85 %' };
const noJobs: IdleSlots = { cause: 'no jobs', reason: 'no jobs' };
const unreached = 'has not reached its queues for 20 s';

it.each<[string, Partial<Progress>, string | undefined, string]>([
  ['asks for jobs', {}, undefined, 'alive, ready'],
  ['sleeps', { dispatcher: noJobs }, 'no jobs', 'alive, ready'],
  ['is silent', { silentSeconds: 20 }, unreached, `ill: w has free slots and ${unreached}`],
  [
    'never wakes',
    { silentSeconds: 20, dispatcher: noJobs },
    unreached,
    `ill: w has free slots and ${unreached}`,
  ],
  // It asks for nothing until that job has ended, however long it takes: ending it would blame it.
  ['runs one alone', { silentSeconds: 900, dispatcher: suspect }, 'j1 runs alone', 'alive, ready'],
  ['is full', { freeSlots: 0, silentSeconds: 900 }, undefined, 'alive, ready'],
  [
    'makes a slot',
    { freeSlots: 0, newSlots: 1, silentSeconds: 900 },
    '1 of its slots being made ready',
    'alive, ready',
  ],
  ['holds back', { held: memory }, 'memory 85 %', 'alive, ready'],
  [
    'holds back for long',
    { held: memory, silentSeconds: 20 },
    'memory 85 %',
    'alive: w takes no jobs: memory 85 %',
  ],
  ['is cut off', { reachable: false }, undefined, 'alive: w gets no answer from Redis'],
  ['starts', { state: 'starting', silentSeconds: 900 }, undefined, 'alive: w is starting'],
])('a worker that %s', (_, values, idle, health) => {
  const progress: Progress = {
    worker: 'w',
    state: 'running',
    freeSlots: 1,
    newSlots: 0,
    held: undefined,
    reachable: true,
    silentSeconds: 1,
    dispatcher: undefined,
    ...values,
  };
  expect(idleSlots(progress)?.reason).toBe(idle);
  const { alive, ready, reason } = healthOf(progress);
  const state = `${alive ? 'alive' : 'ill'}${ready ? ', ready' : ''}`;
  expect(reason === undefined ? state : `${state}: ${reason}`).toBe(health);
});
