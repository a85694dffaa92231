import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { schedulesOf } from '../../src/config/schedule-settings.js';
import { DswError } from '../../src/errors.js';
import { temporaryFolder } from '../support/folder.js';

function settingsFrom(yaml: string, env: NodeJS.ProcessEnv = {}, flags = {}) {
  const path = join(temporaryFolder(), 'dsw.yaml');
  writeFileSync(path, yaml);
  return loadSettings({ config: path, ...flags }, readEnvironment(env));
}

function refusalOf(yaml: string, env: NodeJS.ProcessEnv = {}, flags = {}): string {
  try {
    settingsFrom(yaml, env, flags);
  } catch (error) {
    if (error instanceof DswError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('precedence', () => {
  it('takes flags over environment over file over defaults', () => {
    const yaml = 'prefix: from-file\nstore: file:from-file\nworker:\n  concurrency: 3\n';
    const settings = settingsFrom(
      yaml,
      { DSW_STORE: 'file:from-env', DSW_PREFIX: 'from-env' },
      { prefix: 'from-flag' },
    );
    expect(settings.prefix).toBe('from-flag');
    expect(settings.store).toBe('file:from-env');
    expect(settings.worker.concurrency).toBe(3);
    expect(settings.worker.leaseSeconds).toBe(30);
  });

  it('takes an empty variable for one that is not set', () => {
    const settings = settingsFrom('prefix: from-file', { DSW_PREFIX: '', REDIS_URL: '' });
    expect(settings.prefix).toBe('from-file');
    expect(settings.redisUrl).toBeUndefined();
    const { openaiKey } = readEnvironment({ DSW_OPENAI_KEY: '', OPENAI_API_KEY: 'k' });
    expect(openaiKey).toBe('k');
  });

  it('looks for modules of tasks beside the file that names them', () => {
    const path = join(temporaryFolder(), 'dsw.yaml');
    writeFileSync(path, 'tasks: [a.ts, /elsewhere/b.ts]');
    const { tasks } = loadSettings({ config: path }, readEnvironment({}));
    expect(tasks).toEqual([join(path, '..', 'a.ts'), '/elsewhere/b.ts']);
  });

  it('keeps the other fields of a group when a flag sets one', () => {
    const settings = settingsFrom('worker:\n  leaseSeconds: 7\n', {}, { concurrency: 9 });
    expect(settings.worker).toMatchObject({ concurrency: 9, leaseSeconds: 7 });
  });
});

describe('refusals name file, line, field, what was expected and what was got', () => {
  it.each([
    [
      'prefix: ok\nworker:\n  leaseSeconds: soon\n',
      /dsw\.yaml:3: worker\.leaseSeconds: expected a number, got "soon"/,
    ],
    [
      'worker:\n  leaseSeconds: 0.5\n',
      /dsw\.yaml:2: worker\.leaseSeconds: expected at least 1, got 0\.5/,
    ],
    [
      'worker:\n  queues: [default, urgent]\n',
      /dsw\.yaml:2: worker\.queues\[1\]: expected one of .*, got "urgent"/,
    ],
    [
      'worker:\n  concurency: 4\n',
      /dsw\.yaml:2: worker\.concurency: unknown field; did you mean "concurrency"\?/,
    ],
    [
      '# a comment\n\nnonsense: 1\n',
      /dsw\.yaml:3: nonsense: unknown field; known here: redisUrl, prefix/,
    ],
    ['worker: [1\n', /dsw\.yaml:\d+: not valid YAML/],
    [
      'redisUrl: http://example.org\n',
      /dsw\.yaml:1: redisUrl: expected a redis:\/\/ or rediss:\/\/ address, got/,
    ],
    ['worker:\n', /dsw\.yaml:1: worker: expected a group of fields, got an empty field/],
  ])('%j', (yaml, message) => {
    expect(refusalOf(yaml)).toMatch(message);
  });

  it('tells several problems in several lines', () => {
    const lines = refusalOf('prefx: a\nworker:\n  concurrency: 0\n').split('\n');
    expect(lines).toHaveLength(2);
  });

  it('tells a few of many problems', () => {
    const many = Array.from({ length: 20 }, (_, i) => `wrong${i}: 1\n`).join('');
    const lines = refusalOf(many).split('\n');
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe('(and 12 more)');
  });

  it('names the variable or the flag that is wrong', () => {
    expect(refusalOf('', { REDIS_URL: 'localhost:6379' })).toMatch(/^REDIS_URL: expected a redis:/);
    expect(refusalOf('', {}, { concurrency: 5000 })).toMatch(
      /^--concurrency: expected at most 1024/,
    );
  });

  it.each([
    'http://user:hunter2@host',
    'user:hunter2@host:6379',
    'redis://user:hun/ter2@host:99999',
    'redis://:with @ and hunter2@host:x',
    'redis://user:hunter2@host/name',
  ])('never shows a password: %s', (url) => {
    const told = refusalOf('', { REDIS_URL: url });
    expect(told).toMatch(/^REDIS_URL: expected .*, got "(\w+:\/\/)?\*\*\*@host/);
    expect(told).not.toContain('ter2');
  });

  it.each([
    ['redisUrl: redis://host:99999', 'expected redis://[USER:PASSWORD@]HOST[:PORT]'],
    ['redisUrl: redis://host/-1', 'expected redis://[USER:PASSWORD@]HOST[:PORT]'],
    ['store: redis://host/name', 'expected file:FOLDER, redis:, redis://HOST:PORT'],
    [
      "translation: { openaiUrl: 'http://me:hunter2@host/v1' }",
      'translation.openaiUrl: expected an http:// or https:// address without user and password, got "http://***@host/v1"',
    ],
    [
      'schedules: { "a b": { every: 1h } }',
      'schedules.a b: expected a name of letters, digits, "_", "." and "-", got "a b"',
    ],
    [
      'jobs: { softLimitSeconds: 9, hardLimitSeconds: 9 }',
      'jobs.softLimitSeconds: expected less than hardLimitSeconds, got 9',
    ],
  ])('%s', (yaml, message) => {
    expect(refusalOf(yaml)).toContain(message);
  });

  it('advises to leave a unit out only where none may stand', () => {
    expect(refusalOf('worker: { leaseSeconds: 30s }')).toMatch(/its unit is in the name/);
    expect(refusalOf('schedules: { a: { every: 0s } }')).toMatch(/to 366 d, got "0s"$/);
  });

  it('takes the addresses that Redis has', () => {
    for (const url of ['redis://h', 'rediss://u:p@h:1/15', 'redis://[::1]:6379/', 'redis://:p@h'])
      expect(settingsFrom(`redisUrl: ${url}`).redisUrl).toBe(url);
  });

  it('refuses a YAML bomb', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    );
    expect(refusalOf(['a0: &a0 [x]', ...levels].join('\n'))).toMatch(/alias/i);
  });
});

describe('schedules', () => {
  it('clean up by the age of cleanup:, unless they say another', () => {
    const own = 'schedules: { cleanup_old_files: { payload: { maxAgeHours: 6 } } }';
    const payloadOf = (yaml: string) =>
      schedulesOf(settingsFrom(`cleanup: { maxAgeHours: 5 }\n${yaml}`)).find(
        ({ name }) => name === 'cleanup_old_files',
      )?.payload;
    expect(payloadOf('')).toEqual({ maxAgeHours: 5 });
    expect(payloadOf(own)).toEqual({ maxAgeHours: 6 });
  });
});

describe('scaling', () => {
  it('refuses rules that would both add and remove, or have no room', () => {
    const rule = (values: string) => refusalOf(`scaling:\n  automatic:\n    ${values}\n`);
    expect(rule('removeBelowWaiting: 7')).toMatch(/at most addAboveWaiting \+ 1/);
    expect(rule('minReplicas: 11')).toMatch(/at most maxReplicas/);
    expect(rule('removeBelowUtilization: 0.5')).toMatch(/removeBelowUtilization/);
  });
});
