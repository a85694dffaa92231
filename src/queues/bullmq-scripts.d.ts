// BullMQ ships these without types beside them.
declare module 'bullmq/dist/cjs/scripts/*' {
  interface Script {
    name: string;
    content: string;
  }
  export const addDelayedJob: Script;
  export const addPrioritizedJob: Script;
  export const addStandardJob: Script;
  export const moveJobFromActiveToWait: Script;
  export const moveToActive: Script;
  export const moveToDelayed: Script;
  export const moveToFinished: Script;
  export const moveToWaitingChildren: Script;
}
