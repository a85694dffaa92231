/** A program that reads text up to a zero byte and answers with text and a zero byte. */
export interface ProgramSpec {
  /** One program runs under a name, however many ask. */
  name: string;
  command: string;
  args: readonly string[];
}

/**
 * Runs programs for tasks and keeps them running. A slot may be ended at any moment and would leave
 * a child process of its own behind; so the process around it owns them.
 */
export interface ProgramHost {
  /**
   * Has a program answer.
   * @throws Error when it can't be started, ends, or says nothing for a minute.
   */
  ask(program: ProgramSpec, text: string): Promise<string>;
}
