import { messageOf } from '../../errors.js';
import { UnrecoverableError } from '../contract.js';
import type { EngineDescription, TranslationEngine } from './engine.js';
import { hostOf, requestJson, type HttpOptions } from './http-request.js';
import { sameLanguage, type Direction } from './languages.js';
import { packTexts } from './pack-texts.js';

export interface LibreTranslateOptions {
  url: string;
  apiKey: string | undefined;
  timeoutSeconds: number;
  attempts: number;
}

/** Characters of one request; public servers refuse many more. */
const CHARACTERS_PER_REQUEST = 4000;

interface Language {
  code: string;
  targets?: string[];
}

/** A server with LibreTranslate's HTTP API: POST /translate, GET /languages. */
export class LibreTranslate implements TranslationEngine {
  readonly name = 'libretranslate';
  readonly canKeep = false;
  readonly #options: LibreTranslateOptions;
  #languages: Promise<Language[]> | undefined;

  constructor(options: LibreTranslateOptions) {
    this.#options = options;
  }

  async translate(
    texts: readonly string[],
    direction: Direction,
    { signal }: { signal: AbortSignal },
  ): Promise<string[]> {
    const { source, target } = await this.#codes(direction, signal);
    const translated: string[] = [];
    for (const pack of packTexts(texts, CHARACTERS_PER_REQUEST)) {
      const { apiKey } = this.#options;
      const body = {
        q: pack,
        source,
        target,
        format: 'text',
        ...(apiKey ? { api_key: apiKey } : {}),
      };
      const answer = await requestJson(this.#at('/translate'), body, this.#http(signal));
      translated.push(...textsOf(answer, pack.length));
    }
    return translated;
  }

  async describe(signal: AbortSignal): Promise<EngineDescription> {
    const about = { name: this.name, where: hostOf(this.#options.url), note: NOTE } as const;
    try {
      const languages = await this.#offered(signal);
      const directions = languages.flatMap(({ code, targets = [] }) =>
        targets.filter((target) => target !== code).map((target) => `${code}>${target}`),
      );
      return { ...about, version: await this.#version(signal), directions, problem: undefined };
    } catch (error) {
      const problem = messageOf(error);
      return { ...about, version: undefined, directions: undefined, problem };
    }
  }

  /** The server's own codes for the languages. */
  async #codes(
    { from, to }: Direction,
    signal: AbortSignal,
  ): Promise<{ source: string; target: string }> {
    const languages = await this.#offered(signal);
    const source = languages.find(({ code }) => sameLanguage(code, from));
    const targets = source?.targets ?? languages.map(({ code }) => code);
    const target = targets.find((code) => sameLanguage(code, to));
    if (source && target !== undefined) return { source: source.code, target };
    throw new UnrecoverableError(`${hostOf(this.#options.url)} can't translate ${from} into ${to}`);
  }

  #offered(signal: AbortSignal): Promise<Language[]> {
    this.#languages ??= this.#fetchLanguages(signal).catch((error: unknown) => {
      this.#languages = undefined;
      throw error;
    });
    return this.#languages;
  }

  async #fetchLanguages(signal: AbortSignal): Promise<Language[]> {
    const answer = await requestJson(this.#at('/languages'), undefined, this.#http(signal));
    if (Array.isArray(answer)) return answer as Language[];
    throw new Error(`${hostOf(this.#options.url)}: expected a list of languages`);
  }

  /** From its published API description; servers in front of it may not hand that out. */
  async #version(signal: AbortSignal): Promise<string | undefined> {
    const spec = await requestJson(this.#at('/spec'), undefined, this.#http(signal)).catch(
      () => undefined,
    );
    const version = (spec as { info?: { version?: unknown } } | undefined)?.info?.version;
    return typeof version === 'string' ? version : undefined;
  }

  #at(path: string): string {
    return this.#options.url.replace(/\/+$/, '') + path;
  }

  #http(signal: AbortSignal): HttpOptions {
    const { timeoutSeconds, attempts, apiKey } = this.#options;
    return { signal, timeoutSeconds, attempts, secret: apiKey };
  }
}

const NOTE = 'neural machine translation; have what matters read by a person';

function textsOf(answer: unknown, count: number): string[] {
  const texts = (answer as { translatedText?: unknown }).translatedText;
  if (Array.isArray(texts) && texts.length === count && texts.every((t) => typeof t === 'string'))
    return texts;
  throw new Error(`expected ${count} translated texts, got something else`);
}
