/**
 * Slots for a worker whose jobs compute: one for each core, as long as memory holds them below the
 * 80 % line, and at least one.
 * @param machine cores, and memory in MB, that the worker may use.
 * @param slotMemoryMb what one slot holds with its engine loaded.
 */
export function autoConcurrency(
  machine: { cores: number; memoryMb: number },
  slotMemoryMb: number,
): number {
  const byMemory = Math.floor((machine.memoryMb * 0.8) / slotMemoryMb);
  return Math.max(1, Math.min(Math.floor(machine.cores), byMemory));
}
