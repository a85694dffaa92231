import { existsSync, writeFileSync } from 'node:fs';
import { DswError, fileProblem, messageOf } from '../errors.js';

/** A profile to start from: what is needed, and everything else as comments with its default. */
const STARTER = `# Traffic profile for "dsw plan --profile FILE".
# A figure that you are not sure of may be an interval: { low: 20, mid: 30, high: 50 }.

ratePerHour: 30          # jobs that arrive in an hour
serviceTimeMinutes: 20   # that one job takes alone on an idle replica

# Everything below has the default shown.

# serviceTimeScv: 1      # variance / mean^2 of the service time: 0 all alike, 1 exponential
# waitRatio: 0.5         # I/O wait / CPU time of one job
# batchSize: 1           # jobs that one upload brings

# By time of day: relative rate of each of the 24 hours, and bursts at a rate of their own.
# hourlyShape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
# bursts: [{ atHour: 10, minutes: 60, ratePerHour: 80 }]

# Queues, most urgent first; shares sum to 1. A queue may have a target and a service time of its own.
# queues:
#   high_priority: { share: 0.2, p95WaitMinutes: 2 }
#   default: { share: 0.6 }
#   low_priority: { share: 0.15 }
#   maintenance: { share: 0.05, serviceTimeMinutes: 2, serviceTimeScv: 0.5 }

# container:             # of one replica
#   cores: 4
#   memoryLimitMb: 8192

# memory:
#   model: bracket       # shared: models once a container; perProcess: all once a slot; both
#   baseMb: 200
#   frameworkMb: 0
#   modelsMb: 500
#   perTaskMb: { low: 100, mid: 200, high: 300 }
#   perProcessMb: 1100
#   alertFraction: 0.8

# fleet:
#   minReplicas: 1
#   maxReplicas: 42
#   concurrency: 4       # only this many slots a replica; without it: all that fit

# cost:
#   baseCost: 20         # a month for each service; without it the prices of use hold:
#   perVcpuHour: 0.02778
#   perGbHour: 0.01389
#   currency: USD
#   fixedServices: 2     # scheduler and dashboard

# limits:
#   redisConnections: 10000
#   redisConnectionsPerReplica: 2
#   databaseConnections: 100
#   databaseConnectionsPerSlot: 1

# target:
#   p95WaitMinutes: 5    # without it: a quarter of the service time
#   confidence: 0.9      # share of the cases within intervals in which the plan has to hold

# current:               # what runs today, to be judged
#   replicas: 3
#   concurrency: 4
`;

/** `  cores: 4   # comment`, commented out or not: indentation, key, value, comment. */
const FIELD_LINE = /^(?:# )?( *)(?:- )?(\w+): *(.*?)(?: *# (.*))?$/;

/** How the starter writes a field, the first part of a group, or the line around a field in one line. */
export function starterExample(path: readonly PropertyKey[]): string | undefined {
  const keys = path.filter((key) => typeof key === 'string');
  const group: string[] = [];
  let example: string | undefined;
  let depth = 0;
  for (const line of STARTER.split('\n')) {
    const [, indent = '', key = '', value = '', comment] = FIELD_LINE.exec(line) ?? [];
    if (key === '') continue;
    group.length = indent.length / 2;
    group.push(key);
    if (value === '') continue;
    const outer = group.slice(0, keys.length);
    if (outer.length <= depth || outer.some((part, i) => part !== keys[i])) continue;
    depth = outer.length;
    const text = `${key}: ${value}`;
    example = group.length > depth ? `"${keys.at(-1) ?? ''}: { ${text} }"` : `"${text}"`;
    if (comment !== undefined) example += ` (${comment})`;
  }
  return example;
}

/**
 * Writes a commented profile.
 * @throws DswError `usage` when the file exists and `force` is not set, `unavailable` when it can't be
 *   written.
 */
export function writeStarterProfile(path: string, force: boolean): void {
  if (existsSync(path) && !force) {
    throw new DswError('usage', `${path}: expected a new file, got one that exists`, {
      hint: 'Name another file, or pass --force to overwrite it.',
    });
  }
  try {
    writeFileSync(path, STARTER);
  } catch (error) {
    const reason = fileProblem(error) ?? messageOf(error);
    throw new DswError('unavailable', `${path}: can't be written: ${reason}`, { cause: error });
  }
}
