// What one refresh of dsw top costs at 200 workers, four queues and a million waiting jobs: CPU of
// the screen's process (read, judge, draw through Ink), CPU of Redis, and memory over many of them.
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { fill, heapMb, loadParts, openScreen, PREFIX } from '../screen.mjs';

const REFRESHES = 300;
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];

export async function run({ rounds, say }) {
  const dsw = await loadParts();
  const server = await startRedis();
  try {
    await fill(server.redis);
    const rows = [];
    const measured = {};
    for (const size of SIZES) {
      const name = `${size.columns} × ${size.rows}`;
      measured[name] = await measureSize(dsw, server.redis, size, rounds);
      say(`  ${name}: ${JSON.stringify(measured[name].at(-1))}`);
      const row = (what, unit, metric, target) => {
        const values = measured[name].map((figures) => figures[metric]);
        return figureRow({ what: `dsw top, ${name}: ${what}`, unit, values, target });
      };
      rows.push(row('CPU of a refresh', 'ms', 'cpuMs', { atMost: 50 }));
      rows.push(row('Redis CPU of a refresh', 'ms', 'redisCpuMs'));
      rows.push(row(`heap gained in ${REFRESHES}`, 'MB', 'heapGainedMb', { atMost: 1 }));
    }
    return { rows, measured };
  } finally {
    await server.stop();
  }
}

async function measureSize(dsw, redis, size, rounds) {
  const reader = new dsw.SnapshotReader(redis, new dsw.Keyspace(PREFIX));
  const screen = await openScreen(dsw, size);
  const refresh = async () => {
    for (let i = 0; i < REFRESHES; i++) await screen.show({ snapshot: await reader.read() });
  };
  await refresh();
  const measured = [];
  for (let round = 0; round < rounds; round++) measured.push(await measure(refresh, redis));
  screen.close();
  return measured;
}

async function measure(refresh, redis) {
  const heapBefore = heapMb();
  const cpuBefore = process.cpuUsage();
  const redisBefore = await redisCpuSeconds(redis);
  await refresh();
  const { user, system } = process.cpuUsage(cpuBefore);
  const redisAfter = await redisCpuSeconds(redis);
  return {
    cpuMs: (user + system) / 1000 / REFRESHES,
    redisCpuMs: ((redisAfter - redisBefore) * 1000) / REFRESHES,
    heapGainedMb: heapMb() - heapBefore,
  };
}

async function redisCpuSeconds(redis) {
  const info = await redis.info('cpu');
  const of = (name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return of('used_cpu_user') + of('used_cpu_sys');
}
