import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the container that this process runs in may use, as far as it is limited. */
export interface CgroupLimits {
  memoryLimitMb: number | undefined;
  cpuLimitCores: number | undefined;
  /** Memory that can't be given back by dropping caches, now. */
  anonymousMemoryMb(): number | undefined;
}

/** Where the kernel shows control groups; a test may point elsewhere. */
export interface CgroupFiles {
  /** /proc/self/cgroup: the groups of this process. */
  membership: string;
  /** /sys/fs/cgroup: the tree of groups. */
  tree: string;
}

const KERNEL: CgroupFiles = { membership: '/proc/self/cgroup', tree: '/sys/fs/cgroup' };
const MB = 1024 * 1024;
/** Version 1 says "no limit" by a number near 2^63. */
const UNLIMITED_BYTES = 2 ** 60;

/** Reads the limits of the control groups around this process, version 2 or 1; without any, none. */
export function readCgroup(files: CgroupFiles = KERNEL): CgroupLimits {
  const membership = read(files.membership) ?? '';
  const isV2 = read(join(files.tree, 'cgroup.controllers')) !== undefined;
  return isV2 ? readV2(files.tree, membership) : readV1(files.tree, membership);
}

function readV2(tree: string, membership: string): CgroupLimits {
  const folders = ancestors(tree, /^0::(.*)$/m.exec(membership)?.[1] ?? '/');
  const limits = folders.map((folder) => number(read(join(folder, 'memory.max'))));
  const quotas = folders.map((folder) => quota(...words(read(join(folder, 'cpu.max')))));
  return {
    memoryLimitMb: smallest(limits.map(megabytes)),
    cpuLimitCores: smallest(quotas),
    anonymousMemoryMb: () => megabytes(statOf(folders, 'anon')),
  };
}

function readV1(tree: string, membership: string): CgroupLimits {
  const groupOf = (controller: string): string[] => {
    const path = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, 'm').exec(
      membership,
    )?.[1];
    return ancestors(join(tree, controller), path ?? '/');
  };
  const memory = groupOf('memory');
  const limits = memory.map((folder) => number(read(join(folder, 'memory.limit_in_bytes'))));
  const quotas = groupOf('cpu').map((folder) =>
    quota(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us'))),
  );
  return {
    memoryLimitMb: smallest(limits.map(megabytes)),
    cpuLimitCores: smallest(quotas),
    anonymousMemoryMb: () => megabytes(statOf(memory, 'total_rss')),
  };
}

/** The group's folder and those above it: a limit anywhere on the way counts. Deepest first. */
function ancestors(root: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return parts.map((_, i) => join(root, ...parts.slice(0, parts.length - i))).concat(root);
}

/** A field of memory.stat of the deepest group that can be seen: in a container that is its root. */
function statOf(folders: readonly string[], field: string): number | undefined {
  for (const folder of folders) {
    const line = new RegExp(`^${field} (\\d+)$`, 'm').exec(read(join(folder, 'memory.stat')) ?? '');
    if (line) return Number(line[1]);
  }
  return undefined;
}

function quota(allowed: string | undefined, period: string | undefined): number | undefined {
  const [microseconds, perPeriod] = [number(allowed), number(period)];
  if (microseconds === undefined || perPeriod === undefined || microseconds <= 0) return undefined;
  return microseconds / perPeriod;
}

function smallest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes > UNLIMITED_BYTES ? undefined : bytes / MB;
}

function words(text: string | undefined): [string | undefined, string | undefined] {
  const [first, second] = (text ?? '').split(' ');
  return [first, second];
}

/** A whole number, or undefined for "max" and for a file that is not there. */
function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? undefined : value;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
