/** What a worker and its slots' threads say to each other. */

/** Given to a slot's thread when it starts. */
export interface SlotSetup {
  store: string;
  redisUrl: string;
  prefix: string;
}

export type SlotRequest =
  /** Load what the named tasks need before the first job. */
  { kind: 'warmUp'; tasks: string[] } | { kind: 'run'; job: SlotJob };

export interface SlotJob {
  id: string;
  task: string;
  /** The payload as JSON. */
  data: string;
  attempt: number;
}

/** How a job ended inside the slot. */
export type SlotReply =
  | { outcome: 'completed'; value: string }
  | {
      outcome: 'failed';
      reason: string;
      stack: string;
      /** Whether another try might succeed. */
      recoverable: boolean;
      /** Whether the slot's memory can't be trusted any more. */
      spoiled: boolean;
    };

/** Sent by the thread while a job runs. */
export interface SlotProgress {
  jobId: string;
  progress: string;
}
