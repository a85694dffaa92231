import { createInterface } from 'node:readline/promises';
import { DswError } from '../errors.js';

/**
 * Asks before something is destroyed. Without a terminal nobody can be asked: `--yes` has to say so.
 * @throws DswError `usage` when the answer is no, or nobody can give it.
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new DswError('usage', `${question} Without a terminal to ask, say --yes.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new DswError('usage', 'nothing was changed');
  } finally {
    terminal.close();
  }
}
