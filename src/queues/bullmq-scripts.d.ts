// BullMQ ships these without types beside them.
declare module 'bullmq/dist/cjs/scripts/*' {
  interface Script {
    name: string;
    content: string;
  }
  export const moveToActive: Script;
  export const moveToFinished: Script;
  export const addStandardJob: Script;
}
