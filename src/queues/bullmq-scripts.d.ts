// BullMQ ships these without types beside them.
declare module 'bullmq/dist/cjs/scripts/*' {
  interface Script {
    name: string;
    content: string;
  }
  export const addStandardJob: Script;
  export const moveJobFromActiveToWait: Script;
  export const moveToActive: Script;
  export const moveToDelayed: Script;
  export const moveToFinished: Script;
}
