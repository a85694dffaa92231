import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { writeFileSync } from 'node:fs';
import { AlertSinks, type AlertMessage } from '../../src/monitor/alerts/alert-sinks.js';
import { verifyWebhook } from '../../src/queues/webhook-signature.js';
import { AlertOutbox } from '../../src/queues/alert-outbox.js';
import { settingsSchema } from '../../src/config/settings.js';
import { runDsw, startDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';

const redis = useRedis();

it('sends each change to webhook and command, also what a watcher that stopped could not deliver', async () => {
  const messages: AlertMessage[] = [];
  const signed: boolean[] = [];
  let refuses = true;
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (!refuses) {
        messages.push(JSON.parse(body) as AlertMessage);
        signed.push(verifyWebhook(body, request.headers, 'sesame'));
      }
      response.writeHead(refuses ? 503 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  onTestFinished(() => void hook.close());
  const { port } = hook.address() as { port: number };
  const folder = temporaryFolder();
  const rule = { name: 'many', metric: 'waiting', comparison: 'above', value: 1, forSeconds: 0 };
  writeFileSync(
    join(folder, 'dsw.yaml'),
    stringify({
      alerts: {
        everySeconds: 0.1,
        builtIn: false,
        rules: [{ ...rule, severity: 'error' }],
        webhook: { url: `http://127.0.0.1:${port}/hook` },
        command: { run: ['sh', '-c', 'cat >> sent.json; echo >> sent.json'] },
      },
    }),
  );
  const prefix = redis.prefix();
  const options = {
    cwd: folder,
    env: { REDIS_URL: redis.url, DSW_PREFIX: prefix, DSW_WEBHOOK_SECRET: 'sesame' },
  };
  const watchers = [startDsw(['alerts', 'watch'], options), startDsw(['alerts', 'watch'], options)];
  for (const watcher of watchers) await watcher.says(/watches: many/);

  const queues = new QueueSet(redis.client, new Keyspace(prefix));
  const job = { queue: 'default' as const, task: 'ocr', input: {}, attempts: 1 };
  await queues.enqueue([job, job]);
  const tried = /alert's webhook failed, it is tried again: answer 503/;
  const sender = await Promise.any(watchers.map((one) => one.says(tried).then(() => one)));
  expect((await sender.stop()).code).toBe(0);
  refuses = false;
  await expect.poll(() => messages.length, { timeout: 15_000 }).toBe(1);
  expect(messages[0]).toMatchObject({
    version: 1,
    name: 'many',
    state: 'firing',
    value: 2,
    prefix,
  });
  const check = await runDsw(['alerts', 'check'], options);
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('many: waiting is 2, above 1');

  await queues.of('default').drain();
  await expect
    .poll(() => messages.map(({ state }) => state), { timeout: 15_000 })
    .toEqual(['firing', 'resolved']);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
  expect(signed).toEqual([true, true]);
  // At least once each: a stop may have cut the command off after it had written.
  const sent = (): string[] => {
    const lines = readFileSync(join(folder, 'sent.json'), 'utf8').trim().split('\n');
    const byId = lines.map((line) => JSON.parse(line) as AlertMessage);
    return [...new Map(byId.map(({ id, state }) => [id, state])).values()];
  };
  await expect.poll(sent, { timeout: 15_000 }).toEqual(['firing', 'resolved']);
  const other = watchers.find((watcher) => watcher !== sender)!;
  expect((await other.stop()).code).toBe(0);
  expect((await runDsw(['alerts', 'check'], options)).code).toBe(0);
  await queues.close();
});

it('ends a command that hangs, with all that it started, and tries again', async () => {
  const folder = temporaryFolder();
  const script = `sleep 300 & echo $! >> ${folder}/pids; wait`;
  const { alerts } = settingsSchema.parse({
    alerts: { command: { run: ['sh', '-c', script], timeoutSeconds: 1 } },
  });
  const keyspace = new Keyspace(redis.prefix());
  const text = JSON.stringify({ name: 'many', at: new Date().toISOString() });
  await redis.client.rpush(keyspace.alertOutbox('command'), text);
  const said: string[] = [];
  const note = (message: string) => void said.push(message);
  const log = { info: note, warn: note, error: note };
  const sinks = new AlertSinks(alerts, undefined, new AlertOutbox(redis.client, keyspace), log);
  sinks.flush();
  await expect.poll(() => existsSync(join(folder, 'pids')), { timeout: 30_000 }).toBe(true);
  await expect.poll(() => said.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(1);
  await sinks.stop(0);
  expect(said[0]).toBe("the alert's command failed, it is tried again: sh had not ended after 1 s");
  const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
  expect(pids.length).toBeGreaterThanOrEqual(1);
  // One that has ended may be left as a zombie, where process 1 does not care.
  const running = () =>
    pids.filter((pid) => {
      const stat = `/proc/${pid}/stat`;
      return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
    });
  await expect.poll(running, { timeout: 15_000 }).toEqual([]);
  expect(await redis.client.llen(keyspace.alertOutbox('command'))).toBe(1);
});

it('stops at a signal while it still waits for Redis', async () => {
  const watcher = startDsw(['alerts', 'watch', '--redis', 'redis://127.0.0.1:1'], {
    cwd: temporaryFolder(),
  });
  await watcher.says(/not watching: connect ECONNREFUSED/);
  expect((await watcher.stop()).code).toBe(0);
});

it('refuses an unknown metric and proposes the one that was meant', async () => {
  const folder = temporaryFolder();
  const rule = { name: 'x', metric: 'failurerate', comparison: 'above', value: 1 };
  writeFileSync(join(folder, 'dsw.yaml'), stringify({ alerts: { rules: [rule] } }));
  const { code, stderr } = await runDsw(['alerts', 'check'], {
    cwd: folder,
    env: { REDIS_URL: redis.url },
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/dsw\.yaml:\d+.*metric.*did you mean "failureRate"\?/);
});
