import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { readCgroup } from './cgroup.js';

/** What a worker may use: its container's limits, or else its host's resources. */
export interface Machine {
  cores: number;
  memoryMb: number;
  /** Memory in use now, of what `memoryMb` bounds: caches that can be dropped don't count. */
  memoryInUseMb(): number;
}

const MB = 1024 * 1024;

export function readMachine(): Machine {
  const cgroup = readCgroup();
  const hostMemoryMb = totalmem() / MB;
  const limited = cgroup.memoryLimitMb !== undefined && cgroup.memoryLimitMb < hostMemoryMb;
  return {
    cores: Math.min(cgroup.cpuLimitCores ?? Infinity, availableParallelism()),
    memoryMb: limited ? (cgroup.memoryLimitMb ?? hostMemoryMb) : hostMemoryMb,
    memoryInUseMb: () =>
      (limited ? cgroup.anonymousMemoryMb() : undefined) ?? hostMemoryMb - availableMb(),
  };
}

/** The kernel's own estimate of what could be had without swapping. */
function availableMb(): number {
  try {
    const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // Not Linux.
  }
  return process.availableMemory() / MB;
}
