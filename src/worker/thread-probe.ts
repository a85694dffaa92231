import { Session, type NodeWorker } from 'node:inspector';
import { within } from '../lifecycle.js';
import { MEASURE, type Measurement } from './thread-usage.js';

/** A thread that computes answers within milliseconds; one that is ending does not answer at all. */
const ANSWER_MS = 1000;

interface Answer {
  id: number;
  result?: { result?: { value?: Measurement } };
}

/**
 * Asks threads of this process what they hold, also while they compute: Node's inspector puts its
 * questions between two steps of JavaScript or WebAssembly. It opens no port.
 */
export class ThreadProbe {
  readonly #session = new Session();
  /** Inspector's name for each thread. */
  readonly #threads = new Map<number, string>();
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #questions = 0;

  /** Attaches to all threads that are started from now on. */
  start(): void {
    this.#session.connect();
    this.#session.on('NodeWorker.attachedToWorker', ({ params }) =>
      this.#threads.set(Number(params.workerInfo.workerId), params.sessionId),
    );
    this.#session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => this.#hear(params));
    this.#session.on('NodeWorker.detachedFromWorker', ({ params }) => {
      for (const [thread, name] of this.#threads)
        if (name === params.sessionId) this.#threads.delete(thread);
    });
    this.#session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  stop(): void {
    this.#session.disconnect();
  }

  /**
   * @param withoutGarbage counts only what the thread can't free.
   * @returns undefined when the thread has ended.
   */
  async measure(thread: number, withoutGarbage = false): Promise<Measurement | undefined> {
    const expression = `${MEASURE}(${withoutGarbage})`;
    const answer = await this.#ask(thread, 'Runtime.evaluate', { expression, returnByValue: true });
    return answer?.result?.result?.value;
  }

  async #ask(thread: number, method: string, params: object): Promise<Answer | undefined> {
    const sessionId = this.#threads.get(thread);
    if (sessionId === undefined) return undefined;
    const id = ++this.#questions;
    const answer = new Promise<Answer>((resolve) => this.#asked.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    this.#session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    const heard = await within(answer, ANSWER_MS);
    this.#asked.delete(id);
    return heard;
  }

  #hear({ message }: NodeWorker.ReceivedMessageFromWorkerEventDataType): void {
    const answer = JSON.parse(message) as Answer;
    this.#asked.get(answer.id)?.(answer);
  }
}
