import { readFileSync } from 'node:fs';
import {
  isMap,
  isNode,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
  type YAMLParseError,
} from 'yaml';
import { DswError, fileProblem, messageOf } from '../errors.js';

/** Larger than any sensible configuration; a bomb is refused before it is expanded. */
const MAX_BYTES = 1024 * 1024;
const MAX_ALIASES = 50;

const WRONG_FILE = 'Is it the right file?';

/** What to do about some kinds of bad syntax, by the parser's names for them. */
const SYNTAX_HINTS: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  DUPLICATE_KEY: 'Keep one of the two.',
  MULTIPLE_DOCS: 'Keep what stands before "---" or what stands after it.',
};

/** A value to check, and how to tell the user where a part of it stands. */
export interface Source {
  value: unknown;
  /** The place of the field at `path`: file, line and field; a variable; a flag. */
  where(path: readonly PropertyKey[]): string;
}

/**
 * Parses YAML text.
 * @throws DswError `config` with name and line when the text is no YAML, or one made to exhaust memory.
 */
export function parseYaml(text: string, name: string): Source {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new DswError(
      'config',
      `${name}: expected at most ${MAX_BYTES} bytes of YAML, got ${Buffer.byteLength(text)}`,
      { hint: WRONG_FILE },
    );
  }
  if (text.includes('\0')) {
    throw new DswError('config', `${name}: expected YAML text in UTF-8, got a binary file`, {
      hint: WRONG_FILE,
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) {
    throw new DswError(
      'config',
      `${name}:${lines.linePos(problem.pos[0]).line}: not valid YAML: ${syntaxProblem(problem)}`,
      { hint: SYNTAX_HINTS[problem.code] ?? 'Look at this line and the one above it.' },
    );
  }
  return {
    value: expand(document, lines, name),
    where: (path) => {
      const field = formatPath(path);
      return `${name}:${lineOf(document, lines, path)}${field ? `: ${field}` : ''}`;
    },
  };
}

/**
 * Reads and parses a YAML file.
 * @throws DswError `config` when it can't be read or parsed.
 */
export function readYaml(path: string): Source {
  return parseYaml(readText(path), path);
}

/**
 * Reads a file of text.
 * @throws DswError `config` when it can't be read.
 */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = fileProblem(error) ?? messageOf(error);
    throw new DswError('config', `${path}: ${reason}`, { cause: error });
  }
}

function syntaxProblem({ code, message }: Pick<YAMLParseError, 'code' | 'message'>): string {
  return code === 'MULTIPLE_DOCS' ? 'more than one document' : (message.split('\n')[0] ?? message);
}

function expand(document: Document, lines: LineCounter, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    throw new DswError('config', `${name}:${aliasLine(document, lines)}: ${messageOf(error)}`, {
      hint: `At most ${MAX_ALIASES} aliases are expanded; write the values out.`,
      cause: error,
    });
  }
}

/** Line of the last alias: by then they are too many, or one has no anchor. */
function aliasLine(document: Document, lines: LineCounter): number {
  let line = 1;
  visit(document, {
    Alias: (_key, { range }) => {
      if (range) line = lines.linePos(range[0]).line;
    },
  });
  return line;
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    // The key's own line: a value may start lines below it.
    const pair = isMap(parent)
      ? parent.items.find((item) => isNode(item.key) && item.key.toJSON() === key)
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** A field's path as a user writes it: `worker.queues[1]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
