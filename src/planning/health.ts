/** How a process is, for whoever decides whether to restart it or to count on it. */
export interface Health {
  /** It makes progress, or has a reason not to that a restart would not cure. */
  alive: boolean;
  /** It does its work now. */
  ready: boolean;
  /** Why it is not alive, or not ready. */
  reason: string | undefined;
}

export const HEALTHY: Health = { alive: true, ready: true, reason: undefined };

/** Health of a process that keeps others: as good as the worst of them, and not ready without any. */
export function worstHealth(parts: readonly Health[]): Health {
  if (parts.length === 0) return { alive: true, ready: false, reason: 'nothing runs yet' };
  const reasons = parts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return {
    alive: parts.every(({ alive }) => alive),
    ready: parts.every(({ ready }) => ready),
    reason: reasons.length > 0 ? reasons.join('; ') : undefined,
  };
}
