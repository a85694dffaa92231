import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { loadProfile, shippedProfiles } from '../../src/config/load-profile.js';
import type { profileSchema } from '../../src/config/profile-schema.js';
import { readProfile } from '../../src/config/read-profile.js';
import { starterExample, writeStarterProfile } from '../../src/config/profile-starter.js';
import { DswError } from '../../src/errors.js';
import type { Profile } from '../../src/planning/capacity/profile.js';
import { temporaryFolder } from '../support/folder.js';

const NEEDED = 'ratePerHour: 30\nserviceTimeMinutes: 20\n';

function profileFrom(yaml: string) {
  const path = join(temporaryFolder(), 'ocr.yaml');
  writeFileSync(path, yaml);
  return readProfile(path);
}

function refusalOf(yaml: string): string {
  try {
    profileFrom(yaml);
  } catch (error) {
    if (error instanceof DswError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('the profile was accepted');
}

it('has the same type in config and in planning', () => {
  expectTypeOf<z.infer<typeof profileSchema>>().toEqualTypeOf<Profile>();
});

describe('a profile', () => {
  it('needs two lines; all else has a default', () => {
    const { profile, sources } = profileFrom(NEEDED);
    expect(profile).toMatchObject({
      name: 'ocr',
      ratePerHour: 30,
      serviceTimeScv: 1,
      waitRatio: 0.5,
      queues: { default: { share: 1 } },
      container: { cores: 4, memoryLimitMb: 8192 },
      fleet: { minReplicas: 1, maxReplicas: 42 },
    });
    expect(sources.ratePerHour).toBe('given');
    expect(sources['container.cores']).toBe('default');
    expect(sources['memory.baseMb']).toBe('guide');
  });

  it('takes intervals', () => {
    const { profile } = profileFrom(
      `${NEEDED}waitRatio: { low: 0.5, mid: 0.7, high: 1 }\nmemory: { perTaskMb: 150 }\n`,
    );
    expect(profile.waitRatio).toEqual({ low: 0.5, mid: 0.7, high: 1 });
    expect(profile.memory).toMatchObject({ perTaskMb: 150, modelsMb: 500 });
  });

  it.each(shippedProfiles())('%s ships and mirrors the guides', async (name) => {
    const { profile } = await loadProfile(name);
    expect(profile).toMatchObject({
      name,
      serviceTimeMinutes: 20,
      waitRatio: 0.5,
      container: { cores: 4, memoryLimitMb: 8192 },
      fleet: { maxReplicas: 42 },
    });
    expect(profile.current).toBeDefined();
  });

  it('ships four', () => expect(shippedProfiles()).toEqual(['low', 'medium', 'high', 'burst']));
});

describe('refusals name file, line, field, what was expected and what was got', () => {
  it.each([
    ['serviceTimeMinutes: 20\n', /ocr\.yaml:1: ratePerHour: expected .*number.*, got nothing/],
    [`${NEEDED}waitRatoi: 1\n`, /ocr\.yaml:3: waitRatoi: unknown field; did you mean "waitRatio"/],
    [
      `ratePerHour: -1\nserviceTimeMinutes: 20\n`,
      /ocr\.yaml:1: ratePerHour: expected at least 0, got -1/,
    ],
    [
      `ratePerHour: 5\nserviceTimeMinutes: 0\n`,
      /ocr\.yaml:2: serviceTimeMinutes: expected at least 0\.000001, got 0/,
    ],
    [
      `${NEEDED}container:\n  cores: 0\n`,
      /ocr\.yaml:4: container\.cores: expected at least 0\.05, got 0/,
    ],
    [
      `ratePerHour: .nan\nserviceTimeMinutes: 20\n`,
      /ocr\.yaml:1: ratePerHour: expected a number or .*, got (NaN|Infinity)/,
    ],
    [
      `ratePerHour: .inf\nserviceTimeMinutes: 20\n`,
      /ocr\.yaml:1: ratePerHour: expected a number or .*, got (NaN|Infinity)/,
    ],
    [
      `ratePerHour: { low: 5, mid: 3, high: 9 }\nserviceTimeMinutes: 20\n`,
      /ocr\.yaml:1: ratePerHour: expected low ≤ mid ≤ high, got/,
    ],
    [
      `ratePerHour: { low: 5, high: 9 }\nserviceTimeMinutes: 20\n`,
      /ocr\.yaml:1: ratePerHour\.mid: expected a number, got nothing/,
    ],
    [
      `${NEEDED}queues:\n  high_priority: { share: 0.5 }\n`,
      /ocr\.yaml:3: queues: expected shares that sum to 1, got shares that sum to 0\.5$/,
    ],
    [
      `${NEEDED}queues:\n  hihg_priority: { share: 1 }\n`,
      /ocr\.yaml:4: queues\.hihg_priority: unknown field; did you mean "high_priority"\?/,
    ],
    [
      `${NEEDED}fleet: { minReplicas: 5, maxReplicas: 2 }\n`,
      /ocr\.yaml:3: fleet\.minReplicas: expected at most maxReplicas, got 5/,
    ],
    [
      `${NEEDED}hourlyShape: [1, 2]\n`,
      /ocr\.yaml:3: hourlyShape: expected 24 numbers, one an hour, got a list of 2; for example /,
    ],
    ['ratePerHour: [\n', /ocr\.yaml:\d+: not valid YAML/],
    [
      `${NEEDED}container: { memoryLimitMb: 8GB }\n`,
      /ocr\.yaml:3: container\.memoryLimitMb: expected a number, got "8GB"; a number alone: its unit is in the name of the field; for example "memoryLimitMb: 8192"$/,
    ],
    [
      'ratePerHour: 30\nserviceTimeSeconds: 1200\n',
      /ocr\.yaml:2: serviceTimeSeconds: unknown field; did you mean "serviceTimeMinutes"\?/,
    ],
    [
      `${NEEDED}target: { p95WaitSeconds: 1 }\n`,
      /ocr\.yaml:3: target\.p95WaitSeconds: unknown field; did you mean "p95WaitMinutes"\?/,
    ],
    [
      `${NEEDED}current: 3x4\n`,
      /ocr\.yaml:3: current: expected a group of fields, got "3x4"; for example "current: \{ replicas: 3 \}"/,
    ],
    [
      `${NEEDED}waitRatio:\n`,
      /ocr\.yaml:3: waitRatio: expected a number or .*, got an empty field; for example "waitRatio: 0.5" \(I\/O wait/,
    ],
    [
      `${NEEDED}bursts: [{ atHour: 25, minutes: 1, ratePerHour: 1 }]\n`,
      /ocr\.yaml:3: bursts\[0\]\.atHour: expected less than 24, got 25; for example "bursts: /,
    ],
    [
      `${NEEDED}queues: { hi_priority: { share: 1 } }\n`,
      /^\S*ocr\.yaml:3: queues\.hi_priority: unknown field; did you mean "high_priority"\?$/,
    ],
    [`${NEEDED}ratePerHour: 5\n`, /ocr\.yaml:3: not valid YAML: Map keys must be unique/],
    [`${NEEDED}container:\n\tcores: 4\n`, /ocr\.yaml:4: not valid YAML: Tabs are not allowed/],
    [`${NEEDED}---\n${NEEDED}`, /ocr\.yaml:3: not valid YAML: more than one document/],
    [`${NEEDED}waitRatio: *none\n`, /ocr\.yaml:3: Unresolved alias/],
    ['\0\x01', /ocr\.yaml: expected YAML text in UTF-8, got a binary file/],
    ['a: 1\n'.repeat(2e6), /ocr\.yaml: expected at most 1048576 bytes of YAML, got 10000000/],
    ['', /ocr\.yaml:1: ratePerHour: expected/],
    ['- a\n', /ocr\.yaml:1: expected a group of fields, got a list of 1/],
  ])('case %#', (yaml, message) => expect(refusalOf(yaml)).toMatch(message));

  it('refuses a YAML bomb', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    );
    expect(refusalOf(['a0: &a0 [x]', ...levels].join('\n'))).toMatch(/ocr\.yaml:10: .*alias/i);
  });

  it('refuses a folder', () =>
    expect(() => readProfile(temporaryFolder())).toThrow(/expected a file, got a folder/));

  it('has an example for every field that has a unit or a form of its own', () => {
    const paths = Object.entries(readProfile('profiles/medium.yaml').sources)
      .map(([path]) => path.split('.'))
      .filter(([first]) => first !== 'name' && first !== 'description');
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) expect(starterExample(path), path.join('.')).toMatch(/^".*: .*"/);
  });

  it('suggests a shipped profile for a name that is near one', async () => {
    await expect(loadProfile('medum')).rejects.toThrow(/got "medum"; did you mean "medium"\?/);
    await expect(loadProfile('none.yaml')).rejects.toThrow(/none\.yaml: no such file/);
  });
});

describe('the starter', () => {
  it('is a valid profile, and so is all that it comments out', () => {
    const path = join(temporaryFolder(), 'profile.yaml');
    writeStarterProfile(path, false);
    const { profile } = readProfile(path);
    expect(profile.ratePerHour).toBe(30);
    const spelledOut = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^# ( *(- |[A-Za-z0-9_]+:))/, '$1'))
      .join('\n');
    const full = profileFrom(spelledOut).profile;
    expect(full).toMatchObject({ memory: profile.memory, limits: { databaseConnections: 100 } });
    expect(full.current).toEqual({ replicas: 3, concurrency: 4 });
  });

  it('never overwrites unasked', () => {
    const path = join(temporaryFolder(), 'profile.yaml');
    writeFileSync(path, 'mine');
    expect(() => writeStarterProfile(path, false)).toThrow(/expected a new file/);
    writeStarterProfile(path, true);
    expect(readProfile(path).profile.serviceTimeMinutes).toBe(20);
  });
});
