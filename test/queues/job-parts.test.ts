import { describe, expect, it } from 'vitest';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { JobActions } from '../../src/queues/job-actions.js';
import { JobExchange, type SettledJob } from '../../src/queues/job-exchange.js';
import { JobInspector } from '../../src/queues/job-inspector.js';
import { encodeSplit } from '../../src/queues/job-parts.js';
import { decodePayload } from '../../src/queues/job-payload.js';
import { queueOf, readJob } from '../../src/queues/job-lookup.js';
import type { JobRecord } from '../../src/queues/job-record.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { PoisonList } from '../../src/queues/poison-list.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { SnapshotReader } from '../../src/queues/snapshot-reader.js';
import { takeWorkerCommands } from '../../src/queues/worker-commands.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();
const WEBHOOK = 'http://127.0.0.1:9/';

function system() {
  const keyspace = new Keyspace(redis.prefix());
  const queueSet = new QueueSet(redis.client, keyspace);
  const actions = new JobActions(redis.client, keyspace, queueSet);
  const inspector = new JobInspector(redis.client, keyspace);
  const exchange = new JobExchange(redis.client, keyspace, {
    workerName: 'w1',
    queues: QUEUE_NAMES,
    leaseSeconds: 30,
  });
  const add = async (label: string, more: object = {}): Promise<string> => {
    const input = { documentId: `d${label}`, formats: [] };
    const job = { queue: 'default', task: 'ocr', input, label, attempts: 2, ...more } as const;
    return (await queueSet.enqueue([job]))[0]!;
  };
  const settle = (settled: SettledJob[], wanted = 0) =>
    exchange.exchange(settled, Array<QueueName>(wanted).fill('high_priority'));
  const take = async (jobs: number) => (await settle([], jobs)).taken;
  return {
    keyspace,
    queueSet,
    actions,
    inspector,
    add,
    settle,
    take,
    /** Adds a job, and splits it. @returns its id. */
    split: async (pages: number, more: object = {}): Promise<string> => {
      const id = await add('scan.pdf', more);
      const [job] = await take(1);
      await settle([inParts(job!, pages)]);
      return id;
    },
    record: async (id: string): Promise<JobRecord> => {
      const queue = (await queueOf(redis.client, keyspace, id)) ?? 'default';
      return (await readJob(redis.client, keyspace, queue, id))!;
    },
    /** Keys that speak of parts. */
    traces: async (id: string): Promise<string[]> => {
      const keys = await redis.client.keys(`${keyspace.prefix.replace(/[{}]/g, '?')}*${id}[-:]*`);
      return keys.sort();
    },
  };
}

const done = (job: LeasedJob): SettledJob => ({ job, outcome: 'completed', value: '{}' });
const failed = (job: LeasedJob, value: string): SettledJob => ({ job, outcome: 'failed', value });

function inParts(job: LeasedJob, pages: number): SettledJob {
  const parts = Array.from({ length: pages }, (_, i) => ({
    task: 'ocr_pages',
    input: { documentId: 'dscan', pages: [i + 1] },
    name: `page ${i + 1}`,
    units: 1,
  }));
  const value = encodeSplit(job, { parts, kept: 1, total: pages + 1, unit: 'pages' });
  return { job, outcome: 'split', value };
}

const pagesOf = (jobs: readonly LeasedJob[]): unknown[] =>
  jobs.map(({ data }) => (decodePayload(data).input as { pages?: number[] }).pages?.[0]);

describe('a job in parts', () => {
  it('runs its parts in their order before what came later, then ends as one job', async () => {
    const { add, take, settle, record, traces, keyspace, queueSet, inspector } = system();
    const id = await add('scan.pdf', { webhook: WEBHOOK });
    const later = await add('later');
    const [whole] = await take(1);
    expect(whole!.parts).toBeUndefined();
    const sent = inParts(whole!, 3);
    expect((await settle([sent])).recorded).toEqual(['recorded']);
    // After a lost reply it is sent again.
    expect((await settle([sent])).recorded).toEqual(['recorded']);
    expect(await record(id)).toMatchObject({ state: 'running', progress: '1/4 pages' });
    const { jobs, queues } = await new SnapshotReader(redis.client, keyspace).read();
    expect(jobs.split).toMatchObject([{ id, progress: '1/4 pages', label: 'scan.pdf' }]);
    expect(queues.find(({ name }) => name === 'default')).toMatchObject({ waiting: 4, running: 0 });
    expect(await traces(id)).toHaveLength(4);
    const named: string[] = [];
    for await (const { jobId } of inspector.references('unfinished')) named.push(jobId);
    expect(named.filter((name) => name.startsWith(id))).toHaveLength(4);

    const parts = await take(3);
    expect(pagesOf(parts)).toEqual([1, 2, 3]);
    expect(parts[0]).toMatchObject({ task: 'ocr_pages', attempts: 2, attemptsMade: 0 });
    expect(decodePayload(parts[2]!.data)).toMatchObject({ label: 'scan.pdf, page 3' });
    await settle([done(parts[2]!), done(parts[0]!)]);
    expect(await record(id)).toMatchObject({ state: 'running', progress: '3/4 pages' });
    const { taken } = await settle([done(parts[1]!)], 2);
    expect(taken.map((job) => job.id)).toEqual([id, later]);
    expect(taken[0]).toMatchObject({ attemptsMade: 0, parts: { kept: 1, done: 4, total: 4 } });
    await settle([done(taken[0]!)]);
    expect(await record(id)).toMatchObject({ state: 'done', attemptsMade: 1 });
    expect(await traces(id)).toEqual([]);
    expect(await redis.client.zrange(keyspace.queue('default', 'dsw-outbox'), '0', '-1')).toEqual([
      id,
    ]);
    expect(await queueSet.of('default').getJobCounts('completed', 'wait', 'failed')).toEqual({
      completed: 1,
      wait: 0,
      failed: 0,
    });
  });

  it('keeps its place among priorities, and its parts theirs', async () => {
    const { split, add, take, settle } = system();
    const id = await split(2, { priority: 2 });
    await add('same place', { priority: 2 });
    await add('first', { priority: 1 });
    const [first, one, two] = await take(3);
    expect(pagesOf([first!, one!, two!])).toEqual([undefined, 1, 2]);
    const { taken } = await settle([done(one!), done(two!)], 1);
    expect(taken.map((job) => job.id)).toEqual([id]);
  });

  it('dies with a part that fails for good: what waits is dropped, what runs is ended', async () => {
    const { split, take, settle, record, traces, keyspace, actions } = system();
    const id = await split(4, { webhook: WEBHOOK });
    const [one, two] = await take(2);
    await settle([done(one!)]);
    const [three] = await take(1);
    const stacktrace = JSON.stringify(['Error: where it was']);
    await settle([{ ...failed(two!, 'its slot died'), fields: { stacktrace } }]);
    expect(await record(id)).toMatchObject({
      state: 'dead',
      reason: 'page 2: its slot died',
      stack: 'Error: where it was',
      attemptsMade: 1,
    });
    expect(await take(5)).toEqual([]);
    expect(await takeWorkerCommands(redis.client, keyspace, 'w1')).toEqual([
      { kind: 'cancel', jobId: three!.id },
    ]);
    // It ends, one way or another, and is gone.
    expect(await settle([failed(three!, 'cancelled')])).toMatchObject({ recorded: ['recorded'] });
    expect(await record(id)).toMatchObject({ reason: 'page 2: its slot died' });
    expect(await traces(id)).toEqual([]);
    expect(await redis.client.zcard(keyspace.queue('default', 'dsw-outbox'))).toBe(1);

    // Run again, it is split anew.
    expect(await actions.retry('default', id)).toBe('applied');
    const [again] = await take(1);
    expect(again).toMatchObject({ id, attemptsMade: 0 });
    expect(again!.parts).toBeUndefined();
    await settle([inParts(again!, 2)]);
    const rest = await take(2);
    expect(rest.map((part) => part.id)).not.toContain(three!.id);
    await settle([failed(rest[1]!, 'page 2 took too long'), done(rest[0]!)]);
    expect(await record(id)).toMatchObject({ state: 'dead', reason: 'page 2 took too long' });
    expect(await traces(id)).toEqual([]);
    expect(await actions.erase('default', id)).toBe('applied');
    expect(await redis.client.keys(`*${id}*`)).toEqual([]);
  });

  it('dies at once when its only part does, or its last', async () => {
    const { split, take, settle, record, traces } = system();
    const id = await split(1);
    const [only] = await take(1);
    const { taken } = await settle([failed(only!, 'no')], 1);
    expect(taken).toEqual([]);
    expect(await record(id)).toMatchObject({ state: 'dead', reason: 'page 1: no' });
    expect(await traces(id)).toEqual([]);
  });

  it.each(['whole', 'part'] as const)('is cancelled by its %s', async (by) => {
    const { split, take, settle, record, traces, actions, keyspace } = system();
    const id = await split(3, { webhook: WEBHOOK });
    const [one] = await take(1);
    expect(await actions.cancel('default', by === 'whole' ? id : one!.id, 'cancelled')).toBe(
      'applied',
    );
    expect(await record(id)).toMatchObject({ state: 'dead', reason: 'cancelled' });
    expect(await take(5)).toEqual([]);
    expect(await takeWorkerCommands(redis.client, keyspace, 'w1')).toHaveLength(1);
    // The part has ended well before its worker heard: all the same.
    await settle([done(one!)]);
    expect(await record(id)).toMatchObject({ state: 'dead' });
    expect(await traces(id)).toEqual([]);
    expect(await redis.client.zcard(keyspace.queue('default', 'dsw-outbox'))).toBe(1);
  });

  it('is not split when it was cancelled meanwhile', async () => {
    const { add, take, settle, record, traces, actions } = system();
    const id = await add('scan.pdf');
    const [whole] = await take(1);
    await actions.cancel('default', id, 'cancelled');
    await settle([inParts(whole!, 3)]);
    expect(await record(id)).toMatchObject({ state: 'dead', reason: 'cancelled' });
    expect(await traces(id)).toEqual([]);
  });

  it('survives what happens to its parts elsewhere: moved, discarded, tried again', async () => {
    const { split, take, settle, record, actions } = system();
    const id = await split(3);
    expect(await actions.move('default', id, 'low_priority')).toBe('running');
    expect(await actions.discard('default', id)).toBe('running');
    const [one] = await take(1);
    expect(await actions.discard('default', id)).toBe('running');
    await settle([{ job: one!, outcome: 'retry', value: 'try again' }]);
    const waiting = [`${id}-1-002`, `${id}-1-003`] as const;
    expect(await actions.move('default', waiting[0], 'low_priority')).toBe('applied');
    expect(await actions.discard('default', waiting[1])).toBe('applied');
    const rest = await take(5);
    expect(pagesOf(rest)).toEqual([1, 2]);
    expect(rest[1]).toMatchObject({ queue: 'low_priority' });
    const { taken } = await settle(rest.map(done), 1);
    // It has to see itself that a page is missing.
    expect(taken).toMatchObject([{ id, parts: { done: 3, total: 4 } }]);
    expect(await actions.discard('default', id)).toBe('running');
    await settle([done(taken[0]!)]);
    expect(await record(id)).toMatchObject({ state: 'done' });
  });

  it('is known as a killer by what it is as a whole', async () => {
    const { split, take, actions, keyspace } = system();
    const poison = new PoisonList(redis.client, keyspace);
    const id = await split(2);
    const [part] = await take(1);
    await poison.add(part!, Date.now());
    const again = { ...part!, task: 'ocr', data: JSON.stringify({ version: 1, input: {} }) };
    expect(poison.has(again)).toBe(false);
    const whole = await queueOf(redis.client, keyspace, id);
    const record = await redis.client.hget(keyspace.queue(whole!, id), 'data');
    expect(poison.has({ ...part!, task: 'ocr', data: record! })).toBe(true);
    await actions.cancel('default', id, 'cancelled');
    await actions.retry('default', id);
    await poison.refresh(Date.now());
    expect(poison.length).toBe(0);
  });
});
