import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../src/app/samples.js';
import { isRunning, type RunFile } from '../../src/config/run-file.js';
import { runDsw, startDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { characterErrorRate, sampleTruth } from '../support/samples.js';

const TIMEOUT = 60_000;

describe('dsw up', () => {
  it(
    '--demo reads all samples over four queues and leaves no process behind',
    async () => {
      // Redis's own configuration knows quotes and backslashes.
      const folder = join(temporaryFolder(), 'a "quoted\\ földer');
      mkdirSync(folder);
      const { code, stdout, stderr } = await runDsw(['up', '--demo', '--concurrency', '2'], {
        cwd: folder,
      });
      expect(code).toBe(0);
      const samples = readSamples();
      for (const { name } of samples) {
        expect(stderr).toContain(`${name}: done`);
        expect(stdout).toMatch(new RegExp(`^${name} +\\w+ +[\\d.]+s +[\\d.]+s +1 +\\d+ %$`, 'm'));
        const path = new RegExp(`^${name}: .+\n {2}(.+text\\.txt)$`, 'm').exec(stdout)?.[1];
        expect(
          characterErrorRate(readFileSync(join(folder, path!), 'utf8'), sampleTruth(name)),
          name,
        ).toBeLessThan(0.08);
      }
      for (const queue of ['high_priority', 'default', 'low_priority', 'maintenance'])
        expect(stdout).toContain(queue);
      expect(existsSync(`${folder}/.dsw/run.json`)).toBe(false);
      const logs = ['beat', 'worker'].map((name) =>
        readFileSync(`${folder}/.dsw/logs/${name}.log`, 'utf8'),
      );
      expect(logs[0]).toContain('stopped');
      expect(logs[1]).toContain('stopped');
    },
    TIMEOUT,
  );

  it(
    'serves other commands in its folder, restarts a dead part, and stops it all on SIGTERM',
    async () => {
      const folder = temporaryFolder();
      const rule = { name: 'own_rule', metric: 'waiting', comparison: 'above', value: 5 };
      writeFileSync(`${folder}/own.yaml`, JSON.stringify({ alerts: { rules: [rule] } }));
      // As left behind by one that was killed.
      mkdirSync(`${folder}/.dsw`);
      writeFileSync(`${folder}/.dsw/up.lock`, '99999999');
      const flags = ['--concurrency', '1', '--config', 'own.yaml'];
      const ups = [1, 2, 3].map(() => startDsw(['up', ...flags], { cwd: folder }));
      await expect.poll(() => existsSync(`${folder}/.dsw/run.json`)).toBe(true);
      const run = JSON.parse(readFileSync(`${folder}/.dsw/run.json`, 'utf8')) as RunFile;
      const up = ups.find(({ child }) => child.pid === run.pid)!;
      // Its parts read the file that was named.
      await up.says(/watches: .*own_rule/);
      await up.says(/"msg":"worker-\w+ ready/);
      expect(statSync(`${folder}/.dsw/run.json`).mode & 0o777).toBe(0o600);

      for (const { ended } of ups.filter((other) => other !== up)) {
        const { code, stdout, stderr } = await ended;
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toContain(`dsw up already runs in this folder (process ${run.pid})`);
      }

      process.kill(run.redisPid, 'SIGKILL');
      await up.says(/The private Redis ended; starting it again/);
      await up.says(/Redis is back/);
      const restarted = JSON.parse(readFileSync(`${folder}/.dsw/run.json`, 'utf8')) as RunFile;
      expect(restarted.redisUrl).toBe(run.redisUrl);

      const { code } = await up.stop('SIGTERM');
      expect(code).toBe(0);
      await expect.poll(() => isRunning(restarted.redisPid)).toBe(false);
      for (const name of ['run.json', 'up.lock'])
        expect(existsSync(`${folder}/.dsw/${name}`), name).toBe(false);
    },
    TIMEOUT,
  );
});
