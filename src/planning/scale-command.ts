import type { SystemSnapshot } from './snapshot.js';

/** Replicas that run or are being made ready. */
function presentReplicas({ workers }: Pick<SystemSnapshot, 'workers'>): number {
  return workers.filter(({ state }) => state === 'running' || state === 'starting').length;
}

/** Replicas that supervisors are to keep running. */
export function keptReplicas({ supervisors }: Pick<SystemSnapshot, 'supervisors'>): number {
  return supervisors.reduce((sum, { replicas }) => sum + replicas, 0);
}

type Fleet = Pick<SystemSnapshot, 'workers' | 'supervisors'>;

/** What to type for one replica more than there are, or are being started again. */
export function addReplicaCommand(fleet: Fleet): string {
  return scaleCommand(fleet, Math.max(presentReplicas(fleet), keptReplicas(fleet)) + 1);
}

/** What to do, in words to type, so that there are so many replicas: it depends on what keeps them. */
export function scaleCommand(fleet: Fleet, replicas: number): string {
  const { supervisors } = fleet;
  const present = presentReplicas(fleet);
  const kept = keptReplicas(fleet);
  const [only, ...others] = supervisors;
  if (only && others.length === 0) {
    const wanted = Math.max(0, replicas - Math.max(0, present - kept));
    return wanted === only.replicas
      ? `wait: ${only.id} keeps ${wanted} and starts what is missing again, else see its log`
      : `dsw worker scale ${wanted}`;
  }
  if (only) {
    const more = replicas - Math.max(present, kept);
    const bySize = [...supervisors].sort((a, b) => a.replicas - b.replicas);
    const chosen = (more < 0 ? bySize.at(-1) : bySize[0]) ?? only;
    return `dsw worker scale ${Math.max(0, chosen.replicas + more)} ${chosen.id}`;
  }
  const platform = `set the replicas to ${replicas} where your platform starts them`;
  if (replicas >= present) {
    const more = replicas - present;
    return `start ${more <= 1 ? 'one' : more} more: dsw worker; or ${platform}`;
  }
  const names = fleet.workers
    .filter(({ state }) => state === 'running')
    .sort((a, b) => a.busy - b.busy || b.startedAt - a.startedAt)
    .slice(0, present - replicas)
    .map(({ id }) => id);
  return `dsw worker drain ${names.join(' ')}; or ${platform}`;
}
