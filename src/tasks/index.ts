export { documentKeys, type DocumentStore } from '../documents/document-store.js';
export {
  defineTask,
  UnrecoverableError,
  type RetryPolicy,
  type TaskContext,
  type TaskDefinition,
} from './contract.js';
export type { ProgramHost, ProgramSpec } from './program-host.js';
