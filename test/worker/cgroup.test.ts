import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCgroup } from '../../src/worker/cgroup.js';
import { temporaryFolder } from '../support/folder.js';

/** A tree of control groups as the kernel would show it. */
function kernel(membership: string, files: Record<string, string>) {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries({ membership, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${content}\n`);
  }
  return readCgroup({ membership: join(folder, 'membership'), tree: join(folder, 'tree') });
}

const MB = 1024 * 1024;

describe('readCgroup', () => {
  it('reads version 2, the tightest limit on the way up', () => {
    const cgroup = kernel('0::/pod/worker', {
      'tree/cgroup.controllers': 'cpu memory',
      'tree/pod/memory.max': String(2048 * MB),
      'tree/pod/cpu.max': '150000 100000',
      'tree/pod/worker/memory.max': 'max',
      'tree/pod/worker/cpu.max': 'max 100000',
      'tree/pod/worker/memory.stat': `file 999999999\nanon ${700 * MB}\ninactive_anon 5`,
    });
    expect(cgroup).toMatchObject({ memoryLimitMb: 2048, cpuLimitCores: 1.5 });
    expect(cgroup.anonymousMemoryMb()).toBe(700);
  });

  it('reads version 1', () => {
    const cgroup = kernel('5:cpu,cpuacct:/docker/c1\n4:memory:/docker/c1\n0::/', {
      'tree/memory/docker/c1/memory.limit_in_bytes': String(512 * MB),
      'tree/memory/docker/c1/memory.stat': `cache 77\nrss 5\ntotal_rss ${100 * MB}`,
      'tree/memory/memory.limit_in_bytes': '9223372036854771712',
      'tree/cpu/docker/c1/cpu.cfs_quota_us': '50000',
      'tree/cpu/docker/c1/cpu.cfs_period_us': '100000',
      'tree/cpu/cpu.cfs_quota_us': '-1',
      'tree/cpu/cpu.cfs_period_us': '100000',
    });
    expect(cgroup).toMatchObject({ memoryLimitMb: 512, cpuLimitCores: 0.5 });
    expect(cgroup.anonymousMemoryMb()).toBe(100);
  });

  it('reads a container that sees itself as the root', () => {
    const cgroup = kernel('0::/', {
      'tree/cgroup.controllers': 'cpu memory',
      'tree/memory.max': String(256 * MB),
      'tree/cpu.max': '400000 100000',
      'tree/memory.stat': `anon ${10 * MB}`,
    });
    expect(cgroup).toMatchObject({ memoryLimitMb: 256, cpuLimitCores: 4 });
    expect(cgroup.anonymousMemoryMb()).toBe(10);
  });

  it('has no limits without control groups', () => {
    const cgroup = kernel('', {});
    expect(cgroup).toMatchObject({ memoryLimitMb: undefined, cpuLimitCores: undefined });
    expect(cgroup.anonymousMemoryMb()).toBeUndefined();
  });
});
