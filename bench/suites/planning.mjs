// The planning maths: Erlang C at a million servers, 10,000 candidates, the simulator beside one
// that keeps its events in a plain heap, and the start of `dsw plan`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { erlangC, simulate, waitTime } from '../../dist/planning.js';
import { figureRow, measureRounds, ratioRow } from '../harness.mjs';
import { simulateWithHeap } from '../rivals/heap-simulator.mjs';

const CALLS = 2000;
const JOBS = 1_000_000;
const QUEUE = { arrivalRate: 9.6, serviceTime: { mean: 1, scv: 1 }, servers: 12 };
const RUN = { seed: 1, jobs: JOBS, replications: 4 };
const PROGRAM = fileURLToPath(new URL('../../bin/dsw.js', import.meta.url));

export async function run({ rounds, say }) {
  const measured = await measureRounds(
    {
      'Erlang C': async () => ({ us: erlangMicroseconds() }),
      candidates: async () => ({ ms: candidatesMilliseconds() }),
      'dsw simulator': async () => ({ events: perSecond(() => simulate({ ...QUEUE, ...RUN })) }),
      'plain heap': async () => ({ events: perSecond(() => simulateWithHeap(QUEUE, JOBS)) }),
      'dsw plan': async () => ({ ms: wallMilliseconds([PROGRAM, 'plan', '--profile', 'medium']) }),
      'node -e 0': async () => ({ ms: wallMilliseconds(['-e', '0']) }),
    },
    rounds,
    say,
  );
  const figures = (side, metric) => measured[side].map((round) => round[metric]);
  return {
    rows: [
      figureRow({
        what: 'Erlang C at a million servers',
        unit: 'µs',
        values: figures('Erlang C', 'us'),
        target: { atMost: 20 },
      }),
      figureRow({
        what: '10,000 candidates: M/M/c wait and p95',
        unit: 'ms',
        values: figures('candidates', 'ms'),
        target: { atMost: 10 },
      }),
      figureRow({
        what: 'simulator, events per second',
        unit: '/s',
        values: figures('dsw simulator', 'events'),
        target: { atLeast: 10_000_000 },
      }),
      ratioRow({
        what: 'simulator, events per second',
        unit: '/s',
        ours: 'dsw simulator',
        rival: 'plain heap',
        metric: 'events',
        measured,
      }),
      ratioRow({
        what: 'dsw plan --profile medium',
        unit: 'ms',
        ours: 'dsw plan',
        rival: 'node -e 0',
        metric: 'ms',
        measured,
        target: { atMost: 1.8 },
      }),
    ],
    measured,
  };
}

function erlangMicroseconds() {
  let sum = 0;
  const milliseconds = timed(() => {
    for (let i = 0; i < CALLS; i++) sum += erlangC(1_000_000, 999_000 + i * 1e-3);
  });
  if (!(sum > 0)) throw new Error('Erlang C gave nothing.');
  return (milliseconds * 1000) / CALLS;
}

/** 1–100 replicas × 1–100 slots at one load. */
function candidatesMilliseconds() {
  let sum = 0;
  const milliseconds = timed(() => {
    for (let replicas = 1; replicas <= 100; replicas++) {
      for (let slots = 1; slots <= 100; slots++) {
        const servers = replicas * slots;
        const wait = waitTime({ arrivalRate: 30, serviceTime: { mean: 20 }, servers });
        if (wait.stable) sum += wait.mean + wait.quantile(0.95);
      }
    }
  });
  if (!(sum > 0)) throw new Error('No candidate was stable.');
  return milliseconds;
}

/** Two events a job: it arrives, it ends. */
function perSecond(simulation) {
  return (2 * JOBS * 1000) / timed(simulation);
}

function wallMilliseconds(args) {
  return timed(() => spawnSync(process.execPath, args, { stdio: 'ignore' }));
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
