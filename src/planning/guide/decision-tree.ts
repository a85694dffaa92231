/** What the decision turns on. */
export interface LeverInput {
  /** Slots that are needed in all. */
  slotsNeeded: number;
  concurrency: number;
  /** Most slots that one container's cores keep busy. */
  slotsByCores: number;
  /** Most slots that one container's memory holds. */
  slotsByMemory: number;
}

export interface LeverChoice {
  lever: 'none' | 'concurrency' | 'replicas';
  replicas: number;
  concurrency: number;
}

/**
 * The guides' decision tree: more concurrency while one container's memory and cores allow, beyond
 * that more replicas at the concurrency that there is.
 */
export function chooseLever(input: LeverInput): LeverChoice {
  const { slotsNeeded, concurrency } = input;
  if (slotsNeeded <= concurrency) return { lever: 'none', replicas: 1, concurrency };
  const most = Math.max(1, Math.min(input.slotsByCores, input.slotsByMemory));
  if (slotsNeeded <= most) return { lever: 'concurrency', replicas: 1, concurrency: slotsNeeded };
  const kept = Math.min(concurrency, most);
  return { lever: 'replicas', replicas: Math.ceil(slotsNeeded / kept), concurrency: kept };
}
