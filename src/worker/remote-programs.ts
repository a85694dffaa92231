import type { MessagePort } from 'node:worker_threads';
import type { ProgramHost, ProgramSpec } from '../tasks/program-host.js';
import type { ProgramAnswer, ProgramQuestion } from './slot-messages.js';

/** The worker's programs, as a slot's thread reaches them: by messages. */
export class RemotePrograms implements ProgramHost {
  readonly #asked = new Map<number, (answer: ProgramAnswer) => void>();
  #port: MessagePort | undefined;
  #count = 0;

  connect(port: MessagePort): void {
    this.#port = port;
  }

  async ask(program: ProgramSpec, text: string): Promise<string> {
    const question = ++this.#count;
    const answer = await new Promise<ProgramAnswer>((resolve) => {
      this.#asked.set(question, resolve);
      this.#port?.postMessage({ question, program, text } satisfies ProgramQuestion);
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.text;
  }

  hear(answer: ProgramAnswer): void {
    this.#asked.get(answer.question)?.(answer);
    this.#asked.delete(answer.question);
  }
}
