import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../../src/config/package-root.js';
import { runDsw } from '../../support/dsw-process.js';
import { temporaryFolder } from '../../support/folder.js';

const plan = (...args: string[]) =>
  runDsw(['plan', '--profile', ...args], { cwd: temporaryFolder() });

const SHIPPED = ['low', 'medium', 'high', 'burst'];

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(join(packageRoot(), 'docs', 'plan.schema.json'), 'utf8')) as Parameters<
    typeof z.fromJSONSchema
  >[0],
);

/** A profile of one's own in a file. */
function profileFile(text: string): string {
  const path = join(temporaryFolder(), 'profile.yaml');
  writeFileSync(path, text);
  return path;
}

function expectReadable(text: string): void {
  expect(text).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
}

describe('dsw plan', () => {
  it.each(SHIPPED)('answers the shipped profile %s in 80 columns, and exits 0', async (name) => {
    const { code, stdout, stderr } = await plan(name, '--explain', '--documents', '10');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\d+ replicas? × \d+ slots?: p95 wait \S+ \(target 5m00s\), \d+ USD a month\n/,
    );
    expectReadable(stdout);
  });

  it('says first what to run, then what is wrong today, then why, then everything else', async () => {
    const { stdout } = await plan('medium');
    expect(stdout.split('\n')[0]).toBe(
      '4 replicas × 4 slots: p95 wait 27s (target 5m00s), 120 USD a month',
    );
    expect(stdout.match(/^[A-Z][A-Z0-9 ]+$/gm)).toEqual([
      'CURRENT',
      'WHY',
      'CANDIDATES',
      'NOT CHOSEN',
      'MEMORY',
      'COST',
      'COST AGAINST P95 WAIT',
      'WHAT WOULD CHANGE THE ANSWER',
      'WARNINGS',
      'THE GUIDES DISAGREE',
      'FIGURES',
    ]);
    expect(stdout).toContain('Your 3 × 2 can’t keep up');
    expect(stdout.match(/^> {2}4 × 4 /gm)).toHaveLength(1);
  });

  it.each(SHIPPED)('prints JSON of %s as its schema says', async (name) => {
    const { stdout } = await plan(name, '--json');
    const result = JSON.parse(stdout) as { candidates: unknown[]; chosen: { excuse?: unknown } };
    expect(schema.safeParse(result).error).toBeUndefined();
    expect(result).toMatchObject({ schemaVersion: 1, verdict: 'met', exitCode: 0 });
    for (const part of ['current', 'guide', 'memory', 'cost', 'warnings', 'contradictions']) {
      expect(result).toHaveProperty(part);
    }
    expect(result.chosen.excuse).toBeUndefined();
    expect(result.candidates.length).toBeGreaterThan(4);
  });

  it.each([
    [['--replicas', '3', '--concurrency', '4'], 3, '3 replicas × 4 slots: p95 wait 21m58s'],
    [['--replicas', '2', '--concurrency', '4'], 4, 'the backlog grows by 6 an hour'],
    [['--replicas', '5', '--concurrency', '4'], 0, '5 replicas × 4 slots: p95 wait 0s'],
    [['--replicas', '99', '--concurrency', '4'], 4, '99 replicas'],
  ])('judges %j: exit %i', async (flags, code, text) => {
    const run = await plan('medium', ...flags);
    expect(run.code).toBe(code);
    expect(run.stdout).toContain(text);
    expectReadable(run.stdout);
    const json = await plan('medium', ...flags, '--json');
    expect(schema.safeParse(JSON.parse(json.stdout)).error).toBeUndefined();
  });

  it('has a code for CI that speaks of the deployment in use', async () => {
    expect((await plan('medium', '--gate')).code).toBe(4);
    const without = await plan(profileFile('ratePerHour: 3\nserviceTimeMinutes: 1\n'), '--gate');
    expect(without.code).toBe(2);
    expect(without.stderr).toMatch(/--gate: expected a profile with "current:"/);
  });

  it('plans four queues, each with its own wait', async () => {
    const path = profileFile(
      [
        'ratePerHour: 30',
        'serviceTimeMinutes: 20',
        'queues:',
        '  high_priority: { share: 0.2, p95WaitMinutes: 2 }',
        '  default: { share: 0.5 }',
        '  low_priority: { share: 0.2 }',
        '  maintenance: { share: 0.1 }',
      ].join('\n'),
    );
    const { code, stdout } = await plan(path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}high_priority +20 % +6 /m);
    expectReadable(stdout);
  });

  it('simulates at once where formulas are weak, and says the interval', async () => {
    const path = profileFile('ratePerHour: 30\nserviceTimeMinutes: 20\nserviceTimeScv: 4\n');
    const { code, stdout } = await plan(path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CHECKS\n/m);
    expect(stdout).toMatch(/by\s+formula,\s+\S+\s+simulated/);
    expectReadable(stdout);
  });

  it('refuses what no fleet within the limits can do, and says what would', async () => {
    const path = profileFile(
      'ratePerHour: 500\nserviceTimeMinutes: 20\nfleet: { maxReplicas: 3 }\n',
    );
    const { code, stdout } = await plan(path);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^WHY NOT\n/m);
    expect(stdout).toMatch(/would do, but breaks a limit/);
    expectReadable(stdout);
  });

  it('prints what the guides say, alone', async () => {
    const { code, stdout } = await plan('medium', '--guide');
    expect(code).toBe(0);
    expect(stdout).toContain('4 × (1 + 0.5) = 6');
    expect(stdout).not.toContain('CANDIDATES');
    for (const line of [
      /^ {2}high 50–200 +worker-scaling-guide +5 +3 +15 +45 +3\.6$/m,
      /^ {2}burst +worker-scaling-guide +2–10 +2 +4–20 +12–60 +–$/m,
      /2–3 × 2 = 4–6 slots/,
      /^ {2}10 uploads at once +1 × 4 +4 +6 +100 % +4\.4 GB +100 % +1 × base$/m,
      /^ {2}20 on 3 replicas +3 × 4 +12 +8 +100 % +3 × base$/m,
      /13 slots are needed/,
      /^ {2}a crash takes +every slot/m,
      /4 × 6 at the most, 50 documents an hour; 1 × 6 at the least, 10 an hour/,
      /- six documents waiting “~20 min each”/,
    ]) {
      expect(stdout).toMatch(line);
    }
    expectReadable(stdout);
  });

  it('compares two deployments and sweeps a field', async () => {
    const compared = await plan('medium', '--compare', '3x4', '5x4');
    expect(compared.code).toBe(0);
    expect(compared.stdout).toMatch(/^p95 wait +21m58s +0s$/m);
    expect(
      await runDsw(['plan', '--compare', 'low', '3x4'], { cwd: temporaryFolder() }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--profile: expected low') as string,
    });
    const three = await plan('medium', '--compare', '3x4', '5x4', '6x4');
    expect(three.stderr).toMatch(/expected two deployments or profiles, got 3/);
    const swept = await plan('medium', '--sweep', 'ratePerHour=10..90');
    expect(swept.stdout.trim().split('\n')).toHaveLength(11);
    expectReadable(swept.stdout);
    const wrong = await plan('medium', '--sweep', 'rate=1..2');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/--sweep: expected FIELD=FROM\.\.TO/);
    expect(await plan('medium', '--sweep', 'container.cores=0..4')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'dsw: --sweep: container.cores: expected at least 0.05, got 0\n',
    });
  });

  it('prints candidates as CSV with a head line', async () => {
    const { stdout } = await plan('medium', '--csv');
    const lines = stdout.trim().split('\r\n');
    expect(lines[0]).toMatch(/^chosen,replicas,concurrency,slots,capacityPerHour/);
    expect(lines.filter((line) => line.startsWith('true,4,4,16,'))).toHaveLength(1);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
  });

  it('prints a sweep as CSV in bare numbers, each line the answer at one value', async () => {
    const { stdout } = await plan('medium', '--csv', '--sweep', 'ratePerHour=30..900');
    const [head, first, ...others] = stdout
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(head!.slice(0, 4)).toEqual(['ratePerHour', 'replicas', 'concurrency', 'slots']);
    expect(first!.slice(0, 4)).toEqual(['30', '4', '4', '16']);
    expect(others).toHaveLength(8);
    for (const cells of [first!, ...others]) {
      expect(cells).toHaveLength(head!.length);
      expect(cells.slice(0, -1).map(Number)).not.toContain(NaN);
    }
    expect(others.at(-1)!.slice(-9)[0]).toBe('');
    expect(others.at(-1)!.at(-1)).toBe('unstable');
  });

  it('is wrong usage without a profile that exists', async () => {
    const { code, stdout, stderr } = await plan('mediun');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/did you mean "medium"\?/);
  });
});
