// Starts the systems under test: each takes the same jobs from the same kind of Redis.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const celery = findCelery();
/** A rate is measured over so long at most. */
const WINDOW_MS = 3000;
/** Looked at more often, the looking would take a noticeable share of two cores. */
const LOOK_MS = 20;

export const BULLMQ_KINDS = {
  'BullMQ in process': 'in-process',
  'BullMQ sandbox threads': 'threads',
  'BullMQ sandbox processes': 'processes',
  'BullMQ + Piscina': 'piscina',
};
export const hasCelery = celery !== undefined;

const running = new Set();
process.on('exit', () => running.forEach(endGroup));

/** A worker of one system with a queue of its own. */
export class System {
  /**
   * @param kind `dsw`, a key of BULLMQ_KINDS, or `Celery prefork`.
   * @param settings what stands under `worker` in the settings of dsw.
   */
  constructor(kind, { url, redis }, slots, settings = {}) {
    this.kind = kind;
    this.redis = redis;
    this.folder = mkdtempSync(join(tmpdir(), 'dsw-bench-'));
    this.url = url;
    this.slots = slots;
    this.settings = settings;
    this.prefix = `bench${Math.random().toString(36).slice(2)}`;
    this.queue = new Queue('default', { connection: redis, prefix: `{${this.prefix}}` });
  }

  /** Puts many jobs into the queue. */
  async preload(name, count, input = {}) {
    if (this.kind === 'Celery prefork') {
      const [command, ...args] = celery.python;
      const { status } = spawnSync(
        command,
        [...args, here('rivals/celery_app.py'), name, String(count)],
        {
          env: this.#celeryEnvironment,
        },
      );
      if (status !== 0) throw new Error('Celery could not enqueue');
      return;
    }
    const data = { version: 1, input };
    for (let done = 0; done < count; done += 1000) {
      const size = Math.min(1000, count - done);
      await this.queue.addBulk(Array.from({ length: size }, () => ({ name, data })));
    }
  }

  /** Starts the worker. Resolves when it takes jobs. */
  async start() {
    const { command, args, env, ready } = this.#launch();
    const stdio = ['ignore', 'pipe', 'pipe'];
    this.child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio,
      detached: true,
    });
    running.add(this.child);
    let text = '';
    await new Promise((resolve, reject) => {
      for (const stream of [this.child.stdout, this.child.stderr]) {
        stream.setEncoding('utf8').on('data', (part) => {
          text = (text + part).slice(-4000);
          if (ready.test(text)) resolve();
        });
      }
      this.child.once('exit', () => reject(new Error(`${this.kind} ended: ${text}`)));
    });
  }

  #launch() {
    const { kind, slots, url, prefix } = this;
    if (kind === 'dsw') {
      const settings = {
        tasks: [here('tasks.mjs')],
        worker: { warmTasks: [], maxTasksPerSlot: 0, ...this.settings },
      };
      writeFileSync(join(this.folder, 'dsw.yaml'), JSON.stringify(settings));
      const args = [here('../bin/dsw.js'), 'worker', '--concurrency', String(slots)];
      return {
        command: process.execPath,
        args,
        env: { REDIS_URL: url, DSW_PREFIX: prefix },
        ready: / ready: /,
      };
    }
    if (kind === 'Celery prefork') {
      const args = [
        ...celery.celery.slice(1),
        ...['-A', 'celery_app', 'worker', '-P', 'prefork', '-c', String(slots), '-l', 'info'],
        ...['--without-gossip', '--without-mingle', '--without-heartbeat'],
      ];
      return { command: celery.celery[0], args, env: this.#celeryEnvironment, ready: /ready\./ };
    }
    const args = [
      here('rivals/bullmq-worker.mjs'),
      BULLMQ_KINDS[kind],
      String(slots),
      url,
      `{${prefix}}`,
    ];
    return { command: process.execPath, args, env: {}, ready: /ready/ };
  }

  get #celeryEnvironment() {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      PYTHONPATH: here('rivals'),
      PYTHONDONTWRITEBYTECODE: '1',
      C_FORCE_ROOT: '1',
      BENCH_REDIS_URL: `${this.url}/1`,
    };
  }

  /** Jobs done of so many that were enqueued. */
  async done(count) {
    if (this.kind !== 'Celery prefork')
      return await this.redis.zcard(this.queue.toKey('completed'));
    const replies = await this.redis.multi().select(1).llen('celery').select(0).exec();
    return count - replies[1][1];
  }

  /**
   * Jobs a second after the first tenth of a backlog, over the rest of it or a few seconds.
   * @param before jobs in front of it, which warm the worker up.
   */
  async rate(count, before = 0) {
    const reaches = async (share, deadline) => {
      for (;;) {
        const done = await this.done(before + count);
        const at = performance.now();
        if (done >= before + count * share || at > deadline) return { done, at };
        await delay(LOOK_MS);
      }
    };
    const from = await reaches(0.1, Infinity);
    const to = await reaches(0.9, from.at + WINDOW_MS);
    return ((to.done - from.done) / (to.at - from.at)) * 1000;
  }

  /** Memory of the worker and all its children, each shared page counted by its share. */
  memoryMb() {
    return memoryOfTreeMb(this.child.pid);
  }

  async stop() {
    const ended = once(this.child, 'exit');
    endGroup(this.child);
    await ended;
    running.delete(this.child);
    await this.queue.close();
    rmSync(this.folder, { recursive: true, force: true });
    await this.redis.flushall();
  }
}

/** A process with its children: Celery waits for its own for ever now and then. */
function endGroup({ pid }) {
  process.kill(-pid, 'SIGKILL');
}

/** PSS of a process and its children. */
export function memoryOfTreeMb(root) {
  return treeOf(root).reduce((sum, pid) => sum + pssMb(pid), 0);
}

/** CPU time of a process and its children so far. */
export function cpuSecondsOfTree(root) {
  return treeOf(root).reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** Linux counts it in hundredths of a second. */
function cpuSeconds(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function pssMb(pid) {
  try {
    const kilobytes = /^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function treeOf(root) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  return tree;
}

/** Celery needs an interpreter that knows its Redis client. */
function findCelery() {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { status } = spawnSync(python, ['-c', 'import celery, redis'], { stdio: 'ignore' });
    if (status === 0) return { python: [python], celery: [python, '-m', 'celery'] };
  }
  return undefined;
}
