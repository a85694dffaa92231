import * as z from 'zod';
import { strictObject } from './strict-object.js';

/** How patiently those are told who asked to hear of a job's end. The key comes from the environment. */
export const webhookSettings = strictObject({
  /** For each try. */
  timeoutSeconds: z.number().min(0.1).max(60).default(10),
  attempts: z.int().min(1).max(50).default(12),
  /** Ceiling of the first delay; it doubles with each try. */
  backoffSeconds: z.number().min(0).max(3600).default(5),
  maxBackoffSeconds: z.number().min(0).max(86_400).default(3600),
});

export interface WebhookSettings extends z.infer<typeof webhookSettings> {
  /** Signs what is sent; without it, this worker tells nobody. */
  secret: string | undefined;
}
