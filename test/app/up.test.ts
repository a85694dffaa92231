import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
      const folder = temporaryFolder();
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
          characterErrorRate(readFileSync(path!, 'utf8'), sampleTruth(name)),
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
      const up = startDsw(['up', '--concurrency', '1', '--config', 'own.yaml'], { cwd: folder });
      // Its parts read the file that was named.
      await up.says(/watches: .*own_rule/);
      await up.says(/"msg":"worker-\w+ ready/);
      const run = JSON.parse(readFileSync(`${folder}/.dsw/run.json`, 'utf8')) as RunFile;
      expect(statSync(`${folder}/.dsw/run.json`).mode & 0o777).toBe(0o600);

      const again = await runDsw(['up'], { cwd: folder });
      expect(again).toMatchObject({ code: 1, stdout: '' });
      expect(again.stderr).toContain(`dsw up already runs in this folder (process ${run.pid})`);

      process.kill(run.redisPid, 'SIGKILL');
      await up.says(/The private Redis ended; starting it again/);
      await up.says(/Redis is back/);
      const restarted = JSON.parse(readFileSync(`${folder}/.dsw/run.json`, 'utf8')) as RunFile;
      expect(restarted.redisUrl).toBe(run.redisUrl);

      const { code } = await up.stop('SIGTERM');
      expect(code).toBe(0);
      await expect.poll(() => isRunning(restarted.redisPid)).toBe(false);
      expect(existsSync(`${folder}/.dsw/run.json`)).toBe(false);
    },
    TIMEOUT,
  );
});
