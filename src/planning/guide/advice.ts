/** Wait ratios by kind of task, I/O wait over CPU time. */
export const WAIT_RATIO_ADVICE = {
  cpuBound: { low: 0, high: 0.5 },
  ioBound: { low: 1, high: 3 },
  /** Worker scaling guide. */
  translation: { low: 0.5, high: 0.5 },
  ocr: { low: 1, high: 1 },
  /** The other guide, on the same documents. */
  documents: { low: 0.5, high: 1 },
} as const;

/** Cores that the guides expect in a container. */
export const CONTAINER_CORES = { low: 2, high: 4 } as const;

/** Concurrency that the guides recommend. The same words mean other numbers in the other guide. */
export const CONCURRENCY_ADVICE = {
  'worker-scaling-guide': {
    conservative: { concurrency: 2 },
    aggressive: { concurrency: 4 },
    perContainer: { low: 2, high: 4 },
    start: { low: 2, high: 3 },
    /** When memory runs out. */
    fallback: { concurrency: 1 },
  },
  'concurrency-vs-replicas': {
    conservative: { concurrency: 4, cores: { low: 2, high: 4 }, memoryMb: 4400 },
    aggressive: { concurrency: 6, cores: { low: 4, high: 8 }, memoryMb: 6600 },
    memoryLimited: { concurrency: 2, memoryMb: 2200 },
  },
} as const;

/** Replicas of each service. */
export const SERVICE_REPLICAS = {
  beat: { low: 1, high: 1 },
  worker: { low: 1, high: 10 },
  dashboard: { low: 1, high: 1 },
} as const;

/** When to change the number of replicas, by guide and section. */
export const SCALING_TRIGGERS = {
  /** By hand: one replica at a time. */
  manual: { addAboveQueue: 10, removeBelowUtilization: 0.3 },
  /** Automatically: between so many replicas. */
  automatic: {
    minReplicas: 2,
    maxReplicas: 10,
    addAboveQueue: 5,
    removeBelowQueue: 2,
    removeBelowUtilization: 0.3,
  },
  /** Example of the worker scaling guide for a backlog that grows. */
  backlog: { fromReplicas: 3, toReplicas: 5 },
} as const;

/** Alerts of the worker scaling guide. */
export const ALERT_THRESHOLDS = {
  highPriorityQueueAbove: 10,
  failureRateAbove: 0.1,
  memoryAbove: 0.8,
  /** Stated as a goal, in contradiction to the failure rate above. */
  successRateAbove: 0.95,
} as const;

/** Jobs after which a process is replaced, and the value to try when memory leaks. */
export const TASKS_PER_PROCESS = { usual: 50, leaking: 25 } as const;

/** The two levers compared, feature by feature. */
export const LEVERS: readonly { feature: string; concurrency: string; replicas: string }[] = [
  {
    feature: 'scaling',
    concurrency: 'vertical: more slots',
    replicas: 'horizontal: more containers',
  },
  { feature: 'start', concurrency: 'all slots at once', replicas: 'all containers at once' },
  {
    feature: 'memory of one more',
    concurrency: '1.1 GB (per process)',
    replicas: '4.4 GB (at 4 slots)',
  },
  {
    feature: 'a crash takes',
    concurrency: 'every slot of the container',
    replicas: 'one replica; the others go on',
  },
  { feature: 'jobs at once', concurrency: 'concurrency', replicas: 'replicas x concurrency' },
  {
    feature: 'work is shared by',
    concurrency: 'the operating system',
    replicas: 'the queue in Redis',
  },
  { feature: 'cost', concurrency: 'of one container', replicas: 'times the replicas' },
  {
    feature: 'best for',
    concurrency: 'using one machine well',
    replicas: 'spread load, availability',
  },
];
