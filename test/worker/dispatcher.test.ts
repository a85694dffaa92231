import { describe, expect, it } from 'vitest';
import type { ExchangeReply, SettledJob } from '../../src/queues/job-exchange.js';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { QUEUE_NAMES } from '../../src/planning/queue-names.js';
import { Dispatcher } from '../../src/worker/dispatcher.js';
import type { BatchOutcome, JobSlots, JobSource } from '../../src/worker/job-flow.js';
import { ServiceTimes } from '../../src/worker/service-times.js';

// The dispatcher's own logic, against a source that counts; Redis is in worker.test.ts.

const job = (id: string, values: Partial<LeasedJob> = {}): LeasedJob => ({
  id,
  queue: 'default',
  token: id,
  task: 'ocr',
  data: '{}',
  attemptsMade: 0,
  attempts: 1,
  deaths: 0,
  brokeSlot: false,
  cancelled: false,
  enqueuedAt: 0,
  readyAt: 0,
  leasedAt: 0,
  trace: undefined,
  ...values,
});

/** A queue in memory that records what it is asked. */
class ListSource implements JobSource {
  completed: string[] = [];
  back: string[] = [];
  dead: string[] = [];
  passedOn = 0;
  failures = 0;
  failNext = false;
  alone: string[] = [];
  refused = new Map<string, string>();
  asleep = false;
  waits = 0;
  wanted: number[] = [];
  /** Another worker gets what is given back. */
  keepBack = false;
  signal: () => void = () => undefined;
  wake: () => void = () => undefined;
  constructor(readonly waiting: LeasedJob[]) {}

  exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply> {
    if (this.failNext) {
      this.failNext = false;
      return Promise.reject(new Error('OOM'));
    }
    for (const { job, outcome } of settled) {
      if (outcome === 'completed') this.completed.push(job.id);
      if (outcome === 'failed') this.dead.push(job.id);
      if (outcome === 'back') {
        this.back.push(job.id);
        this.waiting.unshift(job);
      }
    }
    const taken = this.keepBack ? [] : this.waiting.splice(0, wanted);
    return Promise.resolve({
      recorded: settled.map(() => 'recorded'),
      taken,
      nextDelayedAt: undefined,
      poisons: 0,
    });
  }
  waitForWork(_until: number | undefined, wanted: number): Promise<ExchangeReply | undefined> {
    this.asleep = true;
    this.waits += 1;
    this.wanted.push(wanted);
    return new Promise((resolve) => {
      this.signal = () => resolve(undefined);
      this.wake = () => resolve(this.exchange([], wanted));
    });
  }
  passOnSignal(): Promise<void> {
    this.passedOn += 1;
    return Promise.resolve();
  }
  interruptWait(): Promise<void> {
    this.signal();
    return Promise.resolve();
  }
  exchangeFailed(): Promise<void> {
    this.failures += 1;
    return Promise.resolve();
  }
  refuse({ id }: LeasedJob): string | undefined {
    return this.refused.get(id);
  }
  markAlone({ id }: LeasedJob): Promise<void> {
    this.alone.push(id);
    return Promise.resolve();
  }
}

/** Slots whose jobs end when the test says so. */
class Gate implements JobSlots {
  running = new Map<string, () => void>();
  most = 0;
  batches: string[][] = [];
  constructor(readonly size: number) {}

  get free(): number {
    return this.size - this.running.size;
  }
  run(jobs: readonly LeasedJob[]): Promise<BatchOutcome> {
    const ids = jobs.map(({ id }) => id);
    this.batches.push(ids);
    return new Promise((resolve) => {
      this.running.set(ids.join(), () => {
        this.running.delete(ids.join());
        const settled = jobs.map((job) => ({ job, outcome: 'completed' as const, value: 'null' }));
        resolve({ settled, unfinished: [] });
      });
      this.most = Math.max(this.most, this.running.size);
    });
  }
  finish(): void {
    for (const finish of [...this.running.values()]) finish();
  }
}

function dispatching(waiting: LeasedJob[], slots: number, times = new ServiceTimes()) {
  const source = new ListSource(waiting);
  const gate = new Gate(slots);
  const dispatcher = new Dispatcher(source, gate, times, {
    queues: QUEUE_NAMES,
    queueOrder: 'strict',
  });
  return { source, gate, dispatcher, ended: dispatcher.run() };
}

describe('Dispatcher', () => {
  it('never fills more than the free slots, and records all before drain ends', async () => {
    const jobs = Array.from({ length: 20 }, (_, i) => job(`j${i}`));
    const { source, gate, dispatcher, ended } = dispatching(jobs, 3);
    while (source.completed.length < 17) {
      await expect.poll(() => gate.running.size).toBeGreaterThan(0);
      gate.finish();
      await new Promise(setImmediate);
    }
    await dispatcher.drain();
    while (gate.running.size > 0) {
      gate.finish();
      await new Promise(setImmediate);
    }
    await ended;
    expect(gate.most).toBe(3);
    expect(source.completed.length + source.waiting.length).toBe(20);
    expect(new Set(source.completed).size).toBe(source.completed.length);
  });

  it('keeps what it has to record when an exchange fails', async () => {
    const { source, gate, dispatcher, ended } = dispatching([job('a')], 1);
    await expect.poll(() => gate.running.size).toBe(1);
    source.failNext = true;
    gate.finish();
    await expect.poll(() => source.completed).toEqual(['a']);
    expect(source.failures).toBe(1);
    await dispatcher.drain();
    await ended;
  });

  it('does not wait for work when it is told to drain while it asks for some', async () => {
    const { source, dispatcher, ended } = dispatching([], 2);
    await dispatcher.drain();
    await ended;
    expect(source.waits).toBe(0);
  });

  it('passes a signal on that it can make no use of', async () => {
    const { source, gate, dispatcher, ended } = dispatching([job('suspect', { deaths: 1 })], 2);
    await expect.poll(() => gate.running.size).toBe(1);
    // One slot is free, but a suspect runs alone.
    source.waiting.push(job('b'));
    source.signal();
    await expect.poll(() => source.passedOn).toBe(1);
    expect(gate.batches).toEqual([['suspect']]);
    expect(dispatcher.idle).toEqual({
      cause: 'suspect',
      reason: 'suspect runs alone: it was there when a worker died',
      jobId: 'suspect',
    });
    gate.finish();
    await expect.poll(() => gate.batches).toEqual([['suspect'], ['b']]);
    expect(dispatcher.idle?.cause).not.toBe('suspect');
    gate.finish();
    await dispatcher.drain();
    await ended;
    expect(source.completed).toEqual(['suspect', 'b']);
  });

  it('takes the jobs that come with a signal, and sleeps on when there are no more', async () => {
    const { source, gate, dispatcher, ended } = dispatching([], 2);
    await expect.poll(() => source.asleep).toBe(true);
    expect(dispatcher.idle).toEqual({ cause: 'no jobs', reason: 'no jobs' });
    source.waiting.push(job('a'));
    source.wake();
    await expect.poll(() => gate.batches).toEqual([['a']]);
    expect(source.waits).toBe(2);
    expect(source.wanted).toEqual([2, 1]);
    gate.finish();
    await dispatcher.drain();
    await ended;
  });

  it('gives a slot several jobs at once only when they are known to be short', async () => {
    const times = new ServiceTimes();
    times.observe('ocr', 0.05);
    const jobs = Array.from({ length: 12 }, (_, i) => job(`j${i}`));
    jobs.splice(2, 0, job('unknown', { task: 'translate' }));
    const { gate, dispatcher, ended } = dispatching(jobs, 1, times);
    for (const [i, alone] of ['j0', 'j1', 'unknown'].entries()) {
      await expect.poll(() => gate.batches[i], { interval: 1 }).toEqual([alone]);
      gate.finish();
    }
    await expect
      .poll(() => gate.batches[3], { interval: 1 })
      .toEqual(Array.from({ length: 10 }, (_, i) => `j${i + 2}`));
    gate.finish();
    await dispatcher.drain();
    await ended;
  });

  it('has urgent jobs at hand run first, and gives back what no slot begins', async () => {
    const times = new ServiceTimes();
    times.observe('ocr', 5);
    const { source, gate, dispatcher, ended } = dispatching(
      [job('a'), job('b'), job('c')],
      1,
      times,
    );
    await expect.poll(() => gate.batches).toEqual([['a']]);
    await expect.poll(() => source.back).toEqual(['c', 'b']);
    expect(source.waiting.map(({ id }) => id)).toEqual(['b', 'c']);
    source.waiting.unshift(job('urgent', { queue: 'high_priority' }));
    gate.finish();
    await expect.poll(() => gate.batches[1]).toEqual(['urgent']);
    await dispatcher.drain();
    gate.finish();
    await ended;
    expect(source.completed).toEqual(['a', 'urgent']);
  });

  it('runs a suspect alone; until nothing else runs, slots take other jobs', async () => {
    const { source, gate, dispatcher, ended } = dispatching([job('long')], 2);
    await expect.poll(() => gate.running.size).toBe(1);
    source.waiting.push(job('suspect', { deaths: 1 }));
    source.signal();
    for (const id of ['b', 'c', 'd']) {
      source.waiting.push(job(id));
      source.signal();
      await expect.poll(() => [...gate.running.keys()]).toEqual(['long', id]);
      gate.running.get(id)?.();
    }
    expect(source.alone).toEqual([]);
    gate.running.get('long')?.();
    await expect.poll(() => [...gate.running.keys()]).toEqual(['suspect']);
    source.waiting.push(job('e'), job('f'));
    source.signal();
    await expect.poll(() => source.passedOn).toBeGreaterThan(0);
    expect([...gate.running.keys()]).toEqual(['suspect']);
    gate.finish();
    await expect.poll(() => [...gate.running.keys()].sort()).toEqual(['e', 'f']);
    gate.finish();
    await dispatcher.drain();
    await ended;
    expect(source.alone).toEqual(['suspect']);
    expect(source.completed).toHaveLength(7);
  });

  it('has more urgent jobs at hand run before a suspect', async () => {
    const suspect = job('suspect', { deaths: 1, queue: 'low_priority' });
    const { source, gate, dispatcher, ended } = dispatching([suspect, job('a'), job('b')], 2);
    await expect.poll(() => [...gate.running.keys()]).toEqual(['a', 'b']);
    gate.finish();
    await expect.poll(() => [...gate.running.keys()]).toEqual(['suspect']);
    gate.finish();
    await dispatcher.drain();
    await ended;
    expect(source.alone).toEqual(['suspect']);
    expect(source.completed).toEqual(['a', 'b', 'suspect']);
  });

  it('offers a suspect that it has no room for to other workers, and asks for nothing with it', async () => {
    const { source, gate, dispatcher, ended } = dispatching([job('long')], 2);
    await expect.poll(() => gate.running.size).toBe(1);
    source.waiting.push(job('suspect', { deaths: 1 }));
    source.signal();
    await expect.poll(() => source.waiting).toEqual([]);
    source.keepBack = true;
    await expect.poll(() => source.back, { timeout: 3000 }).toEqual(['suspect']);
    expect(source.waiting.map(({ id }) => id)).toEqual(['suspect']);
    gate.finish();
    await dispatcher.drain();
    await ended;
    expect(gate.batches).toEqual([['long']]);
  });

  it('makes room for a suspect that has waited long, in proportion to what that costs', async () => {
    const times = new ServiceTimes();
    times.observe('ocr', 60_000);
    const started = async (waitedSeconds: number) => {
      const system = dispatching([job('long')], 2, times);
      await expect.poll(() => system.gate.running.size).toBe(1);
      const suspect = job('s', { deaths: 1, leasedAt: waitedSeconds * 1000 });
      system.source.waiting.push(suspect, job('b'));
      system.source.signal();
      return system;
    };
    // It would cost 60 seconds: a quarter of a wait of 240.
    const patient = await started(200);
    await expect.poll(() => [...patient.gate.running.keys()]).toEqual(['long', 'b']);
    await patient.dispatcher.drain();
    patient.gate.finish();
    await patient.ended;
    expect(patient.source.back).toEqual(['s']);

    const urgent = await started(250);
    await expect.poll(() => urgent.source.waiting.map(({ id }) => id)).toEqual(['b']);
    expect([...urgent.gate.running.keys()]).toEqual(['long']);
    expect(urgent.dispatcher.idle?.reason).toBe(
      's is to run alone, once what runs has ended: it was there when a worker died',
    );
    urgent.gate.finish();
    await expect.poll(() => [...urgent.gate.running.keys()]).toEqual(['s']);
    urgent.gate.finish();
    await expect.poll(() => [...urgent.gate.running.keys()]).toEqual(['b']);
    urgent.gate.finish();
    await urgent.dispatcher.drain();
    await urgent.ended;
  });

  it('makes a dead letter of a job that must not run', async () => {
    const { source, gate, dispatcher, ended } = dispatching([], 1);
    await expect.poll(() => source.asleep).toBe(true);
    source.refused.set('poison', 'its worker died 3 times');
    source.waiting.push(job('poison', { deaths: 3 }), job('good'));
    source.signal();
    await expect.poll(() => gate.batches).toEqual([['good']]);
    expect(source.dead).toEqual(['poison']);
    gate.finish();
    await dispatcher.drain();
    await ended;
  });

  it('keeps to its limit, and takes more when it is lifted', async () => {
    const jobs = Array.from({ length: 6 }, (_, i) => job(`j${i}`));
    const { gate, dispatcher, ended } = dispatching(jobs, 3);
    dispatcher.limit(1);
    for (let i = 1; i <= 3; i++) {
      await expect.poll(() => gate.batches.length).toBe(i);
      expect(gate.running.size).toBe(1);
      gate.finish();
    }
    dispatcher.limit(Infinity);
    await expect.poll(() => gate.running.size).toBe(3);
    await dispatcher.drain();
    gate.finish();
    await ended;
  });
});
