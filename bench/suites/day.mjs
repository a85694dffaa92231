// Memory of what watches, over a day: dsw top's refreshes, one every two seconds, played as fast as
// they go, while an alert watcher looks at the same system. Workers come and go, figures change,
// alerts fire and are resolved, Redis is silent now and then. Heap after a collection every hour. Ends
// after 24 hours played, or four minutes a round; then the trend tells what a day would gain.
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import {
  beat,
  endWorker,
  fill,
  heapMb,
  loadParts,
  openScreen,
  PREFIX,
  WORKERS,
} from '../screen.mjs';

const SIZE = { columns: 200, rows: 50 };
const REFRESH_SECONDS = 2;
const HOURS = 24;
const REFRESHES_PER_HOUR = 3600 / REFRESH_SECONDS;
const MINUTES_PER_ROUND = 4;
const WARM_UP_HOURS = 3;
/** Of so many refreshes, one finds a worker replaced by another, and one gets no answer. */
const REPLACED_EVERY = 10;
const SILENT_EVERY = 500;
/** Every so many refreshes the workers are short of memory, or are well again. */
const SWING_EVERY = 900;
const TASKS = ['ocr', 'translate', 'cleanup_old_files', 'read_scan'];

export async function run({ rounds, say }) {
  const dsw = await loadParts();
  const server = await startRedis();
  try {
    await fill(server.redis);
    await fillHistory(dsw, server.redis);
    const heaps = await playDay(dsw, server, Date.now() + rounds * MINUTES_PER_ROUND * 60_000, say);
    // The first hours fill caches and compile; without more than those there is no verdict.
    const isEnough = heaps.length > 2 * WARM_UP_HOURS;
    const settled = heaps.slice(isEnough ? WARM_UP_HOURS + 1 : 1);
    const gained = slope(settled) * HOURS;
    const what = `dsw top and alerts watch: heap gained in 24 h, by the trend of ${settled.length} h`;
    const rows = [
      figureRow({
        what,
        unit: 'MB',
        values: [gained],
        target: isEnough ? { atMost: 2 } : undefined,
      }),
      figureRow({ what: 'heap after each hour', unit: 'MB', values: settled }),
    ];
    return { rows, measured: { heaps } };
  } finally {
    await server.stop();
  }
}

/** @returns the heap before the first hour and after each. */
async function playDay(dsw, { redis, url }, until, say) {
  const reader = new dsw.SnapshotReader(redis, new dsw.Keyspace(PREFIX));
  const screen = await openScreen(dsw, SIZE);
  const alerts = startAlerts(dsw, url);
  await alerts.watch.start();
  const heaps = [heapMb()];
  for (let hour = 0; hour < HOURS && Date.now() < until; hour++) {
    for (let i = 0; i < REFRESHES_PER_HOUR; i++) {
      const nth = hour * REFRESHES_PER_HOUR + i;
      await change(redis, nth);
      const snapshot = later(await reader.read(), nth * REFRESH_SECONDS);
      await screen.show(nth % SILENT_EVERY === 0 ? { error: new Error('silent') } : { snapshot });
    }
    heaps.push(heapMb());
    say(`  ${hour + 1} h: ${heaps.at(-1).toFixed(2)} MB, ${alerts.changes()} alerts`);
  }
  screen.close();
  await alerts.watch.stop();
  return heaps;
}

function startAlerts(dsw, url) {
  let changes = 0;
  const count = (_, fields) => (changes += fields?.alert === undefined ? 0 : 1);
  const settings = dsw.settingsSchema.parse({ prefix: PREFIX, alerts: { everySeconds: 1 } });
  const log = { info: count, warn: count, error: count };
  return { watch: new dsw.AlertWatch(url, settings, undefined, log), changes: () => changes };
}

/** Of the straight line that fits best, by least squares. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return over / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

/** A system that lives. */
async function change(redis, nth) {
  if (nth % REPLACED_EVERY === 0) {
    const place = (nth / REPLACED_EVERY) % WORKERS;
    const generation = Math.floor(nth / REPLACED_EVERY / WORKERS);
    const name = (number) => `worker-${place}${number > 0 ? `-${number}` : ''}`;
    await endWorker(redis, name(generation));
    await beat(redis, name(generation + 1), { memoryMb: 500 + (nth % 97), completed: nth });
  }
  if (nth % SWING_EVERY === 0) {
    const memoryMb = (nth / SWING_EVERY) % 2 === 0 ? 700 : 3900;
    await beat(redis, 'worker-swing', { memoryMb });
  }
}

/** The same system so many seconds later. */
function later(snapshot, seconds) {
  const ms = seconds * 1000;
  const minutes = snapshot.minutes.map((minute, i) => ({
    ...minute,
    startsAt: minute.startsAt + ms - (ms % 60_000),
    ...(i % 2 === 0 && { tasks: new Map([...minute.tasks].reverse()) }),
  }));
  return { ...snapshot, at: snapshot.at + ms, minutes };
}

/** A quarter of an hour and a day in which something flowed, whenever it is looked at. */
async function fillHistory(dsw, redis) {
  const keyspace = new dsw.Keyspace(PREFIX);
  const flow = new dsw.FlowCounter(redis, keyspace);
  for (let i = 0; i < 200; i++) {
    const times = { waitSeconds: i % 13, serviceSeconds: (i * i) % 40, cpuSeconds: i % 7 };
    flow.count({ queue: 'default', task: TASKS[i % 4], ...times, completed: i % 20 > 0 });
  }
  await flow.flush();
  for (const [unit, seconds, before, after] of [
    ['minute', 60, 15, 60],
    ['hour', 3600, 24, 2],
  ]) {
    const now = Math.floor(Date.now() / 1000 / seconds);
    for (let at = now - before; at <= now + after; at++)
      if (at !== now)
        await redis.copy(keyspace.flow(`${unit}:${now}`), keyspace.flow(`${unit}:${at}`));
  }
  for (const key of await redis.keys(`${keyspace.flow('')}*`)) await redis.persist(key);
}
