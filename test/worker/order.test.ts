import { expect, it } from 'vitest';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const JOBS = 10_000;
/** The clocks that are compared run on one machine, and tell whole milliseconds. */
const CLOCK_MS = 2;

it('holds the strict order at every fetch, over 10,000 mixed jobs and any concurrency', async () => {
  const system = new WorkerSystem(redis);
  const queueOf = (i: number): QueueName => QUEUE_NAMES[(i * 7 + Math.floor(i / 13)) % 4]!;
  /** When each job was certainly in its queue. */
  const waitingSince = new Map<string, number>();
  const enqueue = async (from: number, to: number) => {
    const job = (_: unknown, i: number) => ({
      queue: queueOf(from + i),
      task: 'quick',
      input: {},
      attempts: 1,
    });
    const ids = await system.queueSet.enqueue(Array.from({ length: to - from }, job));
    for (const id of ids) waitingSince.set(id, Date.now());
  };
  await enqueue(0, JOBS / 2);
  const worker = system.worker(['--concurrency', '4', '--max-tasks-per-slot', '0']);
  await worker.says(/ready/);
  for (let i = JOBS / 2; i < JOBS; i += 50) await enqueue(i, i + 50);
  const completed = async () => {
    const counts = await Promise.all(
      QUEUE_NAMES.map((queue) => system.queueSet.of(queue).getCompletedCount()),
    );
    return counts.reduce((sum, count) => sum + count);
  };
  await expect.poll(completed, { timeout: 40_000, interval: 100 }).toBe(JOBS);

  const jobs: { rank: number; waitingSince: number; leasedAt: number }[] = [];
  for (const [rank, queue] of QUEUE_NAMES.entries()) {
    for (const job of await system.queueSet.of(queue).getCompleted()) {
      jobs.push({ rank, waitingSince: waitingSince.get(job.id!)!, leasedAt: job.processedOn! });
    }
  }
  expect(jobs).toHaveLength(JOBS);
  jobs.sort((a, b) => a.leasedAt - b.leasedAt);
  // From the end: of each rank, since when the longest waiting job that was leased later had waited.
  const earliest = [Infinity, Infinity, Infinity, Infinity];
  let inversions = 0;
  for (let i = jobs.length - 1; i >= 0; i--) {
    const job = jobs[i]!;
    const passedOver = Math.min(...earliest.slice(0, job.rank), Infinity);
    if (passedOver < job.leasedAt - CLOCK_MS) inversions += 1;
    earliest[job.rank] = Math.min(earliest[job.rank]!, job.waitingSince);
  }
  expect(inversions).toBe(0);
  expect((await worker.stop()).code).toBe(0);
}, 90_000);
