import { randomBytes } from 'node:crypto';
import type { Schedule } from '../planning/schedule.js';
import type { Telemetry } from '../queues/telemetry.js';

export interface BeatOptions {
  redisUrl: string;
  prefix: string;
  version: string;
  leaseSeconds: number;
  schedules: readonly Schedule[];
  /** Told of what is sent; default: nobody is. */
  telemetry?: Telemetry | undefined;
}

/** A name that no other scheduler has: the lease goes by it. */
export function newBeatId(): string {
  return `beat-${randomBytes(4).toString('hex')}`;
}
