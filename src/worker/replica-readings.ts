import { addFlow, emptyFlow } from '../planning/flow.js';
import { worstHealth, type Health } from '../planning/health.js';
import type { FlowBucket } from '../planning/snapshot.js';
import type { SupervisedProcess } from './supervised-process.js';
import type { WorkerReading } from './worker-report.js';
import type { WorkerService } from './worker-service.js';

/** What a supervisor asks its replicas, over the channel between the processes. */
const QUESTION = 'how are you';
const ANSWER_MS = 3000;
/** A process that has just been started need not answer yet. */
const BOOT_MS = 60_000;

type Answer = WorkerReading & { health: Health };

/** Several workers as one. */
export interface FleetReading {
  workers: WorkerReading['sign'][];
  /** What all of them have done, and those before them. */
  work: FlowBucket;
  health: Health;
}

/** Has a worker answer its supervisor, if it has one. */
export function answerSupervisor(worker: WorkerService): void {
  process.on('message', (message) => {
    if (message !== QUESTION) return;
    process.send?.({ ...worker.reading, health: worker.health(Date.now()) } satisfies Answer);
  });
}

/** Asks replicas for their readings and adds them up. What a dead one had done still counts. */
export class ReplicaReadings {
  readonly #retired = emptyFlow(Date.now());
  #work = new Map<string, { pid: number; work: FlowBucket }>();

  async read(replicas: readonly SupervisedProcess[]): Promise<FleetReading> {
    const answers = await Promise.all(
      replicas.map(async (replica) => ({
        replica,
        answer: (await replica.ask(QUESTION, ANSWER_MS)) as Answer | undefined,
      })),
    );
    const known = answers.flatMap(({ answer }) => (answer ? [answer] : []));
    for (const { sign, work } of known) this.#work.set(sign.id, { pid: sign.pid, work });
    this.#retireAllBut(new Set(replicas.map(({ pid }) => pid)));
    const work = emptyFlow(this.#retired.startsAt);
    for (const flow of [this.#retired, ...[...this.#work.values()].map((last) => last.work)])
      addFlow(work, flow);
    return {
      workers: known.map(({ sign }) => sign),
      work,
      health: worstHealth(
        answers.map(({ replica, answer }, i) => answer?.health ?? silence(replica, i + 1)),
      ),
    };
  }

  #retireAllBut(pids: ReadonlySet<number | undefined>): void {
    for (const [id, { pid, work }] of this.#work) {
      if (pids.has(pid)) continue;
      addFlow(this.#retired, work);
      this.#work.delete(id);
    }
  }
}

/** Health of a replica that did not answer: it is on its way up, or it hangs. */
function silence(replica: SupervisedProcess, number: number): Health {
  const isStarting = replica.upMs < BOOT_MS;
  const reason = `replica ${number} ${isStarting ? 'is starting' : 'does not answer'}`;
  return { alive: isStarting, ready: false, reason };
}
