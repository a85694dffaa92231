/** What one replica's memory is made of, in MB. */
export interface MemoryParts {
  /** Runtime and libraries, once per replica. */
  baseMb: number;
  /** The framework's own, once per replica: listed in the guide, but left out of its sum. */
  frameworkMb: number;
  /** Models, once per replica. */
  modelsMb: number;
  /** What a running job adds. */
  perTaskMb: number;
}

/** The worker scaling guide's parts, and the range that it gives for a job. */
export const GUIDE_MEMORY = {
  baseMb: 200,
  frameworkMb: 50,
  modelsMb: 500,
  perTaskMb: { low: 100, mid: 200, high: 300 },
} as const;

/** The other guide's parts of one process: model for language, model for OCR, runtime and libraries. */
export const GUIDE_PROCESS_PARTS_MB = { languageModel: 500, ocrModel: 200, runtime: 400 } as const;

/** Sum of {@link GUIDE_PROCESS_PARTS_MB}: 1.1 GB. */
export const GUIDE_PROCESS_MB = 1100;

/** Share of the memory limit above which both guides want an alert. */
export const GUIDE_MEMORY_ALERT = 0.8;

/** Models once per container: base + framework + models + slots × job, in MB for one replica. */
export function sharedMemoryMb(concurrency: number, parts: MemoryParts): number {
  return parts.baseMb + parts.frameworkMb + parts.modelsMb + concurrency * parts.perTaskMb;
}

/** Everything once per process: slots × process, in MB for one replica. */
export function perProcessMemoryMb(concurrency: number, perProcessMb = GUIDE_PROCESS_MB): number {
  return concurrency * perProcessMb;
}
