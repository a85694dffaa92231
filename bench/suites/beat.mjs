// What a beat with a thousand schedules costs while it has next to nothing to do, and with a tick
// every second: CPU of its process, and commands that Redis is sent.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';

const SCHEDULES = 1000;
const SECONDS = 10;
const PROGRAM = fileURLToPath(new URL('../../bin/dsw.js', import.meta.url));
/** Linux counts CPU time of a process in hundredths of a second. */
const TICKS_PER_SECOND = 100;

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const folder = mkdtempSync(join(tmpdir(), 'dsw-bench-'));
  try {
    const beat = await startBeat(redis.url, folder);
    const measured = { beat: [] };
    for (let round = 0; round < rounds; round++) {
      measured.beat.push(await measure(beat.pid, redis.redis));
      say(`  ${JSON.stringify(measured.beat.at(-1))}`);
    }
    const ended = once(beat, 'exit');
    beat.kill();
    await ended;
    const of = (metric) => measured.beat.map((figures) => figures[metric]);
    const what = `beat with ${SCHEDULES} schedules`;
    const rows = [
      figureRow({
        what: `${what}: CPU`,
        unit: '% of a core',
        values: of('cpuPercent'),
        target: { atMost: 1 },
      }),
      figureRow({
        what: `${what}: Redis commands a second`,
        unit: '/s',
        values: of('commandsPerSecond'),
      }),
    ];
    return { rows, measured };
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One of the schedules is due every second, the others by the hour. */
async function startBeat(url, cwd) {
  const hourly = () => ({ task: 'tick', every: '1h' });
  const names = Array.from({ length: SCHEDULES - 1 }, (_, i) => [`s${i}`, hourly()]);
  const schedules = { ...Object.fromEntries(names), second: { task: 'tick', every: '1s' } };
  writeFileSync(join(cwd, 'dsw.yaml'), stringify({ schedules }));
  const beat = spawn(process.execPath, [PROGRAM, 'beat'], {
    cwd,
    env: { ...process.env, REDIS_URL: url, DSW_PREFIX: 'bench' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.on('exit', () => beat.kill());
  await once(beat.stderr, 'data');
  beat.stderr.resume();
  // The first turn sends a tick of every schedule.
  await delay(8000);
  return beat;
}

async function measure(pid, redis) {
  const before = { cpu: cpuSeconds(pid), commands: await commands(redis) };
  await delay(SECONDS * 1000);
  const cpu = cpuSeconds(pid) - before.cpu;
  // The last INFO is one of ours.
  const sent = (await commands(redis)) - before.commands - 1;
  return { cpuPercent: (cpu / SECONDS) * 100, commandsPerSecond: sent / SECONDS };
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function commands(redis) {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))[1]);
}
