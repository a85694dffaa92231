import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Telemetry as BullMqTelemetry } from 'bullmq';
import { expect, expectTypeOf, it } from 'vitest';
import { withTracing } from '../../src/app/tracing/open-tracing.js';
import { settingsSchema } from '../../src/config/settings.js';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import type { Telemetry } from '../../src/queues/telemetry.js';
import { runDsw } from '../support/dsw-process.js';
import { startHttpServer, type HttpServer } from '../support/http-server.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const silent = { info: () => undefined, warn: () => undefined };

interface Span {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number };
  attributes: { key: string; value: Record<string, unknown> }[];
}

interface Posted {
  resourceSpans: {
    resource: { attributes: Span['attributes'] };
    scopeSpans: { spans: Span[] }[];
  }[];
}

/** What a receiver of OTLP got, in order of start. */
function spansAt({ requests }: HttpServer): (Span & { service: unknown })[] {
  const posted = requests.filter(({ path }) => path === '/v1/traces');
  const resources = posted.flatMap(({ body }) => (body as Posted).resourceSpans);
  const spans = resources.flatMap(({ resource, scopeSpans }) => {
    const service = attribute(resource, 'service.name');
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
  return spans.sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
}

function attribute({ attributes }: Pick<Span, 'attributes'>, name: string): unknown {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value && Object.values(value)[0];
}

const settingsFor = (endpoint: string) => settingsSchema.parse({ tracing: { endpoint } });

it('traces a job from process to process, and continues what other BullMQ clients began', async () => {
  const receiver = await startHttpServer(() => ({}));
  const system = new WorkerSystem(redis);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  let ids: string[] = [];
  await withTracing(settingsFor(receiver.url), 'client', silent, async (telemetry) => {
    const queues = new QueueSet(redis.client, system.keyspace, telemetry);
    const job = { queue: 'default', attempts: 2, label: 'Jane Doe.pdf' } as const;
    const input = { documentId: 'd-1', pages: 2 };
    ids = await queues.enqueue([
      { ...job, task: 'read', input, webhook: `${receiver.url}/told` },
      { ...job, task: 'fail', input: { reason: 'Jane Doe is unreadable' } },
    ]);
    // Its first worker dies without a word.
    await queues.enqueue([{ ...job, queue: 'low_priority', task: 'quick', input }]);
    const gone = { workerName: 'gone-1', queues: ['low_priority'] as const, leaseSeconds: 0.001 };
    await new JobExchange(redis.client, system.keyspace, gone).exchange([], ['low_priority']);
  });
  const began = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const metadata = JSON.stringify({ traceparent: `00-${began.traceId}-${began.spanId}-01` });
  const queue = system.queueSet.of('default');
  await queue.add('quick', { version: 1, input: {} }, { telemetry: { metadata } });
  await queue.add(
    'quick',
    { version: 1, input: {} },
    { telemetry: { metadata: 'not one of ours' } },
  );
  const schedules = { sweep: { task: 'quick', every: '1h' } };
  writeFileSync(join(system.folder, 'beat.yaml'), JSON.stringify({ schedules }));
  const beat = await runDsw(['beat', '--once', '--config', 'beat.yaml'], {
    cwd: system.folder,
    env: { REDIS_URL: redis.url, DSW_PREFIX: system.prefix, ...env },
  });
  expect(beat).toMatchObject({ code: 0 });

  const flags = ['--concurrency', '1'];
  const secret = { DSW_WEBHOOK_SECRET: 'sesame' };
  const worker = system.worker(flags, redis.url, { ...env, ...secret });
  const named = (name: string) => spansAt(receiver).filter((span) => span.name === name);
  await expect.poll(() => named('webhook default.read').length, { timeout: 30_000 }).toBe(1);
  await expect.poll(() => named('process maintenance.quick').length, { timeout: 30_000 }).toBe(1);
  await expect.poll(() => named('process low_priority.quick').length, { timeout: 30_000 }).toBe(2);
  expect((await worker.stop()).code).toBe(0);

  const spans = spansAt(receiver);
  const read = spans.filter(({ traceId }) => traceId === named('add default.read')[0]?.traceId);
  expect(read.map(({ name }) => name).sort()).toEqual([
    'add default.read',
    'page',
    'page',
    'process default.read',
    'wait default.read',
    'webhook default.read',
  ]);
  const [add] = named('add default.read');
  const [process] = named('process default.read');
  expect(add).toMatchObject({ service: 'dsw-client', kind: 4 });
  expect(add).not.toHaveProperty('parentSpanId');
  expect(process).toMatchObject({ service: 'dsw-worker', kind: 5, parentSpanId: add?.spanId });
  expect(attribute(process!, 'bullmq.job.id')).toBe(ids[0]);
  expect(attribute(process!, 'dsw.document.id')).toBe('d-1');
  expect(attribute(process!, 'dsw.pages')).toBe(2);
  expect(attribute(process!, 'dsw.outcome')).toBe('completed');
  expect(named('wait default.read')[0]).toMatchObject({ parentSpanId: add?.spanId });
  expect(named('webhook default.read')[0]).toMatchObject({ kind: 3, parentSpanId: add?.spanId });
  expect(named('page').map(({ parentSpanId }) => parentSpanId)).toEqual(
    Array(2).fill(process?.spanId),
  );

  const [failed] = named('process default.fail');
  expect(failed).toMatchObject({ status: { code: 2 } });
  expect(failed?.parentSpanId).toBe(named('add default.fail')[0]?.spanId);
  expect(attribute(failed!, 'dsw.outcome')).toBe('retry');

  const [stalled, again] = named('process low_priority.quick');
  const [wait, ...others] = named('wait low_priority.quick');
  expect(others).toEqual([]);
  const parentSpanId = named('add low_priority.quick')[0]?.spanId;
  expect(stalled).toMatchObject({ status: { code: 2 }, parentSpanId });
  expect(attribute(stalled!, 'dsw.outcome')).toBe('stalled');
  expect(attribute(stalled!, 'bullmq.worker.name')).toBe('gone-1');
  expect(stalled?.startTimeUnixNano).toBe(wait?.endTimeUnixNano);
  expect(again).toMatchObject({ status: {}, parentSpanId });
  expect(attribute(again!, 'dsw.outcome')).toBe('completed');

  const foreign = named('process default.quick');
  expect(foreign).toHaveLength(2);
  expect(foreign.filter(({ traceId }) => traceId === began.traceId)).toMatchObject([
    { parentSpanId: began.spanId, status: {} },
  ]);

  const [tick] = named('add maintenance.quick');
  expect(tick).toMatchObject({ service: 'dsw-beat' });
  expect(attribute(tick!, 'dsw.schedule')).toBe('sweep');
  expect(named('process maintenance.quick')[0]?.parentSpanId).toBe(tick?.spanId);
  expect(JSON.stringify(spans)).not.toContain('Jane');
});

it('takes what a BullMQ queue takes', () => {
  expectTypeOf<BullMqTelemetry>().toExtend<Telemetry>();
});

it('goes on when nobody takes its spans, and says so once', async () => {
  const receiver = await startHttpServer(() => ({ status: 500 }));
  const system = new WorkerSystem(redis);
  const said: string[] = [];
  const log = { ...silent, warn: (message: string) => said.push(message) };
  await withTracing(settingsFor(receiver.url), 'client', log, async (telemetry) => {
    const queues = new QueueSet(redis.client, system.keyspace, telemetry);
    const job = { queue: 'default', task: 'quick', input: {}, attempts: 1 } as const;
    await queues.enqueue(Array.from({ length: 600 }, () => job));
  });
  expect(said).toEqual([
    'traces do not arrive: the receiver answered 500; jobs go on, their spans are lost',
  ]);
  expect(await system.queueSet.of('default').getWaitingCount()).toBe(600);
});
