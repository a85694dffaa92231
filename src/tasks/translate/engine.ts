import type { Direction } from './languages.js';

export type EngineName = 'apertium' | 'libretranslate' | 'openai';

/** What turns text of one language into another. */
export interface TranslationEngine {
  readonly name: EngineName;
  /** Whether it heeds `keep`. */
  readonly canKeep: boolean;
  /**
   * Translates texts, each by itself: paragraphs or single lines, without line breaks.
   * @param options.keep words that must come through unchanged.
   * @returns the translations, in the same order.
   * @throws UnrecoverableError when this engine can never do it (no such language, wrong key).
   */
  translate(
    texts: readonly string[],
    direction: Direction,
    options: { signal: AbortSignal; keep?: readonly string[] },
  ): Promise<string[]>;
  /** What is there: asked of the program or the server itself. */
  describe(signal: AbortSignal): Promise<EngineDescription>;
}

export interface EngineDescription {
  name: EngineName;
  /** Program or address, without a key. */
  where: string;
  version: string | undefined;
  /** Directions it offers, such as "en>es"; undefined when it does not say. */
  directions: string[] | undefined;
  /** Why it can't be used, if so. */
  problem: string | undefined;
  /** What a user should know before relying on it. */
  note: string;
}
