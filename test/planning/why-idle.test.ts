import { expect, it } from 'vitest';
import type { IdleSlots, WorkerSnapshot } from '../../src/planning/snapshot.js';
import { whyIdle } from '../../src/planning/why-idle.js';
import { queueSnapshot, workerSnapshot } from '../support/snapshots.js';

const noJobs: IdleSlots = { cause: 'no jobs', reason: 'no jobs' };
const held = (cause: IdleSlots['cause'], reason: string): Partial<WorkerSnapshot> => ({
  idle: { cause, reason },
});
const waiting = (oldestWaitSeconds: number, paused = false) =>
  queueSnapshot({ waiting: 3, oldestWaitSeconds, paused });

it.each<[string, Partial<WorkerSnapshot>, ReturnType<typeof queueSnapshot>, string | undefined]>([
  ['asks for jobs', { idle: undefined }, waiting(60), undefined],
  ['has nothing to do', { idle: noJobs }, queueSnapshot(), 'usual: no jobs'],
  ['has not woken yet', { idle: noJobs }, waiting(15.4), 'usual: no jobs'],
  ['sees no job', { idle: noJobs }, waiting(16), 'stuck: sees none of 3 waiting jobs'],
  ['said so long ago', { idle: noJobs, silentSeconds: 4 }, waiting(18), 'usual: no jobs'],
  ['serves others', { idle: noJobs, queues: ['maintenance'] }, waiting(60), 'usual: no jobs'],
  ['is kept by a pause', { idle: noJobs }, waiting(60, true), 'held: paused: default'],
  ['is short of memory', held('memory', 'memory 85 %'), waiting(1), 'held: memory 85 %'],
  ['waits for a suspect', held('suspect', 'j1 runs alone'), waiting(1), 'held: j1 runs alone'],
  ['makes a slot', held('new slot', '1 of its slots'), waiting(1), 'usual: 1 of its slots'],
  ['does not get through', held('unreached', 'has not'), waiting(1), 'stuck: has not'],
  ['starts', { state: 'starting' }, waiting(60), 'usual: warming up'],
  ['ends', { state: 'draining', idle: noJobs }, waiting(60), 'usual: draining'],
  ['is lost', { state: 'lost', idle: noJobs }, waiting(60), undefined],
])('a worker that %s', (_, worker, queue, expected) => {
  const why = whyIdle(workerSnapshot(worker), { queues: [queue] });
  expect(why && `${why.kind}: ${why.reason}`).toBe(expected);
});
