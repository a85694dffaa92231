import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnrecoverableError } from '../contract.js';
import type { ProgramHost, ProgramSpec } from '../program-host.js';
import type { EngineDescription, TranslationEngine } from './engine.js';
import { sameLanguage, type Direction } from './languages.js';

/** Where Debian and a build from source put the language pairs. */
const MODE_FOLDERS = ['/usr/share/apertium/modes', '/usr/local/share/apertium/modes'];

/**
 * Apertium, a rule-based translator that runs on this machine. Its pipeline of programs is kept
 * running by the worker: an answer takes milliseconds, a start a third of a second.
 */
export class Apertium implements TranslationEngine {
  readonly name = 'apertium';
  readonly canKeep = false;
  readonly #programs: ProgramHost;

  constructor(programs: ProgramHost) {
    this.#programs = programs;
  }

  async translate(
    texts: readonly string[],
    direction: Direction,
    { signal }: { signal: AbortSignal },
  ): Promise<string[]> {
    const program = pipelineFor(direction);
    const translated: string[] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      translated.push(unescape(await this.#programs.ask(program, escape(text))));
    }
    return translated;
  }

  describe(): Promise<EngineDescription> {
    const { status, stdout } = spawnSync('apertium', ['-V'], { encoding: 'utf8' });
    const directions = readModes().map(({ from, to }) => `${from}>${to}`);
    return Promise.resolve({
      name: this.name,
      where: 'program apertium',
      version: status === 0 ? /\d+(?:\.\d+)+/.exec(stdout)?.[0] : undefined,
      directions,
      note: 'rule-based: good for trying out, rough for medicine',
      problem: problemOf(status === 0, directions),
    });
  }
}

/** Whether Apertium can do this here. */
export function hasApertium(direction: Direction): boolean {
  return findMode(direction) !== undefined;
}

function problemOf(installed: boolean, directions: readonly string[]): string | undefined {
  if (installed && directions.length > 0) return undefined;
  return installed
    ? 'no language pair is installed; for one: apt install apertium-eng-spa'
    : 'not installed: apt install apertium apertium-eng-spa';
}

interface Mode extends Direction {
  path: string;
}

function findMode({ from, to }: Direction): Mode | undefined {
  return readModes().find((mode) => sameLanguage(mode.from, from) && sameLanguage(mode.to, to));
}

function readModes(): Mode[] {
  return MODE_FOLDERS.flatMap((folder) =>
    filesIn(folder).flatMap((file) => {
      const [, from, to] = /^([a-z]{2,3}(?:_\w+)?)-([a-z]{2,3}(?:_\w+)?)\.mode$/.exec(file) ?? [];
      return from === undefined || to === undefined ? [] : [{ from, to, path: join(folder, file) }];
    }),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A mode file holds a shell pipeline. With -z, each of its programs answers at every zero byte. */
function pipelineFor(direction: Direction): ProgramSpec {
  const mode = findMode(direction);
  if (!mode) {
    const pair = `${direction.from} into ${direction.to}`;
    throw new UnrecoverableError(`apertium has no language pair for ${pair} here`);
  }
  const stages = readFileSync(mode.path, 'utf8')
    .trim()
    // $1: how to mark unknown words (-n: not at all). $2: how to mark ambiguity.
    .replaceAll('$1', '-n')
    .replaceAll('$2', '')
    .split('|')
    .map((stage) => stage.trim().replace(/^\S+/, '$& -z'));
  return {
    name: `apertium ${mode.from}-${mode.to}`,
    command: '/bin/sh',
    args: ['-c', stages.join(' | ')],
  };
}

/** Apertium's stream format gives these a meaning; the empty bracket ends a sentence as a file end does. */
function escape(text: string): string {
  return `${text.replace(/[\\^$/<>@{}[\]]/g, '\\$&')}[]`;
}

function unescape(text: string): string {
  return text.replace(/\[\]$/, '').replace(/\\(.)/gs, '$1');
}
