import { describe, expect, it } from 'vitest';
import type { ExchangeReply, FinishedJob, LeasedJob } from '../../src/queues/job-exchange.js';
import { Dispatcher, type JobSource } from '../../src/worker/dispatcher.js';

// The dispatcher's own logic, against a source that counts; Redis is in worker.test.ts.

const job = (id: string): LeasedJob => ({
  id,
  queue: 'default',
  token: id,
  task: 'ocr',
  data: '{}',
  attemptsMade: 0,
  attempts: 1,
  enqueuedAt: 0,
  leasedAt: 0,
});

/** A queue in memory that records what it is asked. */
class ListSource implements JobSource {
  recorded: string[] = [];
  passedOn = 0;
  failures = 0;
  failNext = false;
  signal: () => void = () => undefined;
  constructor(readonly waiting: LeasedJob[]) {}

  exchange(finished: readonly FinishedJob[], wanted: number): Promise<ExchangeReply> {
    if (this.failNext) {
      this.failNext = false;
      return Promise.reject(new Error('OOM'));
    }
    this.recorded.push(...finished.map((f) => f.job.id));
    const taken = this.waiting.splice(0, wanted);
    return Promise.resolve({
      recorded: finished.map(() => 'recorded'),
      taken,
      nextDelayedAt: undefined,
    });
  }
  waitForWork(): Promise<void> {
    return new Promise((resolve) => (this.signal = resolve));
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
}

/** Runs jobs that end when the test says so. */
class Gate {
  running = new Map<string, () => void>();
  most = 0;
  run = (leased: LeasedJob): Promise<FinishedJob> =>
    new Promise((resolve) => {
      this.running.set(leased.id, () => {
        this.running.delete(leased.id);
        resolve({ job: leased, outcome: 'completed', value: 'null' });
      });
      this.most = Math.max(this.most, this.running.size);
    });
}

describe('Dispatcher', () => {
  it('never runs more jobs than slots, and records all before drain ends', async () => {
    const source = new ListSource(Array.from({ length: 20 }, (_, i) => job(`j${i}`)));
    const gate = new Gate();
    const dispatcher = new Dispatcher(source, 3, gate.run);
    const ended = dispatcher.run();
    while (source.recorded.length < 17) {
      await expect.poll(() => gate.running.size).toBeGreaterThan(0);
      for (const finish of [...gate.running.values()]) finish();
      await new Promise(setImmediate);
    }
    await dispatcher.drain();
    while (gate.running.size > 0) {
      for (const finish of [...gate.running.values()]) finish();
      await new Promise(setImmediate);
    }
    await ended;
    expect(gate.most).toBe(3);
    expect(source.recorded.length + source.waiting.length).toBe(20);
    expect(new Set(source.recorded).size).toBe(source.recorded.length);
  });

  it('keeps what it has to record when an exchange fails', async () => {
    const source = new ListSource([job('a')]);
    const gate = new Gate();
    const dispatcher = new Dispatcher(source, 1, gate.run);
    const ended = dispatcher.run();
    await expect.poll(() => gate.running.size).toBe(1);
    source.failNext = true;
    gate.running.get('a')!();
    await expect.poll(() => source.recorded).toEqual(['a']);
    expect(source.failures).toBe(1);
    await dispatcher.drain();
    await ended;
  });

  it('passes a signal on when all slots are busy by the time it comes', async () => {
    const source = new ListSource([job('a')]);
    const gate = new Gate();
    const dispatcher = new Dispatcher(source, 2, gate.run);
    const ended = dispatcher.run();
    await expect.poll(() => gate.running.size).toBe(1);
    // One slot is free and asleep. The other ends its job, and its exchange fills both.
    source.waiting.push(job('b'), job('c'));
    gate.running.get('a')!();
    await expect.poll(() => gate.running.size).toBe(2);
    source.signal();
    await expect.poll(() => source.passedOn).toBe(1);
    for (const finish of [...gate.running.values()]) finish();
    await dispatcher.drain();
    await ended;
    expect(source.recorded.sort()).toEqual(['a', 'b', 'c']);
  });
});
