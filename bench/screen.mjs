// A large system in Redis, and the live screen of it on a terminal that nobody looks at.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.mjs';

export const WORKERS = 200;
const SLOTS = 4;
const QUEUES = ['high_priority', 'default', 'low_priority', 'maintenance'];
const WAITING_PER_QUEUE = 250_000;
export const PREFIX = 'bench';
const KEYS = `{${PREFIX}}`;

/** Parts of the product, bundled as it ships, where they can be reached. */
const ENTRY = `
export { AlertWatch } from './src/monitor/alerts/alert-watch.js';
export { Keyspace } from './src/queues/keyspace.js';
export { FlowCounter } from './src/queues/flow-history.js';
export { SnapshotReader } from './src/queues/snapshot-reader.js';
export { settingsSchema } from './src/config/settings.js';
export { Screen } from './src/top/screen.js';
export { FrameStream } from './src/top/frame-stream.js';
export { silentKeyboard } from './test/support/silent-keyboard.js';
export { render } from 'ink';
export { createElement } from 'react';
`;

export async function loadParts() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const outdir = `${root}dist/bench`;
  await build({
    ...bundleOptions,
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    outdir,
  });
  return import(`${outdir}/stdin.js`);
}

/** Lists as long as a million jobs make them; records only of those that a snapshot looks at. */
export async function fill(redis) {
  for (const queue of QUEUES) {
    const key = `${KEYS}:${queue}:`;
    for (let start = 0; start < WAITING_PER_QUEUE; start += 5000) {
      const ids = Array.from({ length: 5000 }, (_, i) => `j${start + i}`);
      await redis.rpush(`${key}wait`, ...ids);
    }
    for (let i = 1; i <= 100; i++) {
      await redis.hset(`${key}j${WAITING_PER_QUEUE - i}`, {
        ...{ name: 'ocr', timestamp: Date.now() - 1000 * i, opts: '{}' },
        data: JSON.stringify({ version: 1, input: { document: 'd1' }, label: `page-${i}.png` }),
      });
    }
  }
  for (let i = 0; i < WORKERS; i++) await beat(redis, `worker-${i}`);
}

/** Writes a worker's heartbeat. @param values what is otherwise than usual. */
export async function beat(redis, id, values = {}) {
  const text = JSON.stringify({ ...sign(id), ...values });
  await redis.hset(`${KEYS}:workers`, id, `${Date.now()} ${text}`);
}

/** Takes a worker's heartbeat away: it has ended. */
export async function endWorker(redis, id) {
  await redis.hdel(`${KEYS}:workers`, id);
}

function sign(id) {
  const running = Array.from({ length: SLOTS }, (_, slot) => ({
    ...{ id: `j-${id}-${slot}`, queue: 'default', task: 'ocr', label: `intake-${id}-${slot}.pdf` },
    ...{ startedAt: Date.now() - 5000, progress: 'page 3/7' },
  }));
  return {
    ...{ id, host: `host-${id}`, pid: 100, version: '0.1.0', state: 'running' },
    ...{ queues: QUEUES, slots: SLOTS, busy: SLOTS, running, completed: 100, failed: 1 },
    ...{ recycled: 2, startedAt: Date.now() - 3_600_000, memoryMb: 800.123, memoryLimitMb: 4096 },
    ...{ cpuCores: 1.9, cpuLimitCores: 4, redisRoundTripMs: 0.4, clockSkewMs: 1 },
    ...{ leaseSeconds: 30, drainSeconds: 25, maxTasksPerSlot: 50, isPid1: false },
    heartbeatSeconds: 3600,
  };
}

/** Opens the screen. It is told of snapshots, or of trouble, and waits until they are drawn. */
export async function openScreen(dsw, { columns, rows }) {
  let frames = 0;
  const terminal = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: () => (frames += 1) > 0,
  });
  const stdout = new dsw.FrameStream(terminal);
  const expected = { workers: undefined, slots: undefined, plan: undefined };
  const listeners = [];
  const screen = dsw.createElement(dsw.Screen, {
    frames: stdout,
    title: 'dsw top',
    address: 'redis',
    standards: { settings: dsw.settingsSchema.parse({}), expected },
    subscribe: (listener) => listeners.push(listener),
    act: async () => '',
    colour: true,
  });
  const stdin = dsw.silentKeyboard();
  const app = dsw.render(screen, { stdout, stdin, patchConsole: false });
  await delay(100);
  return {
    async show(news) {
      const before = frames;
      for (const tell of listeners) tell(news);
      while (frames === before) await delay(0);
    },
    close: () => app.unmount(),
  };
}

/** Memory that is in use once all garbage is collected. */
export function heapMb() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
