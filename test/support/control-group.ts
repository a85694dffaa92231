import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';

const TREE = '/sys/fs/cgroup';
const MB = 1024 * 1024;
const isV2 = existsSync(join(TREE, 'cgroup.controllers'));

/** A real control group of a test's own, for processes that it starts. */
export interface ControlGroup {
  /** A command that runs another inside. */
  inside: string[];
  /** What its processes hold, without what could be dropped. */
  inUseMb(): number;
}

/** @returns undefined where the system does not let this process make one. */
export function makeControlGroup(memoryMb: number, cores: number): ControlGroup | undefined {
  const name = `dsw-test-${randomBytes(4).toString('hex')}`;
  const folders = isV2
    ? [join(TREE, name)]
    : ['memory', 'cpu'].map((controller) => join(TREE, controller, name));
  const [memory = '', cpu = memory] = folders;
  try {
    for (const folder of folders) mkdirSync(folder);
    onTestFinished(() => folders.forEach((folder) => rmdirSync(folder)));
    writeFileSync(
      join(memory, isV2 ? 'memory.max' : 'memory.limit_in_bytes'),
      String(memoryMb * MB),
    );
    if (isV2) writeFileSync(join(cpu, 'cpu.max'), `${cores * 100_000} 100000`);
    else writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(cores * 100_000));
  } catch {
    return undefined;
  }
  const enter = folders.map((folder) => `echo $$ > ${join(folder, 'cgroup.procs')}`).join(' && ');
  const anonymous = isV2 ? /^anon (\d+)$/m : /^total_rss (\d+)$/m;
  return {
    inside: ['sh', '-c', `${enter} && exec "$0" "$@"`],
    inUseMb: () =>
      Number(anonymous.exec(readFileSync(join(memory, 'memory.stat'), 'utf8'))?.[1]) / MB,
  };
}
