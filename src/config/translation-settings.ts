import * as z from 'zod';
import { httpUrl } from './addresses.js';
import { strictObject } from './strict-object.js';

/** What translates, and how patiently it is asked. Keys come from the environment alone. */
export const translationSettings = strictObject({
  /** `auto`: a language model if one is set, else LibreTranslate if set, else Apertium. */
  engine: z.enum(['auto', 'apertium', 'libretranslate', 'openai']).default('auto'),
  /** A server with LibreTranslate's HTTP API. */
  libreTranslateUrl: httpUrl.optional(),
  /** A server with the OpenAI-compatible chat API, up to and with its version: ".../v1". */
  openaiUrl: httpUrl.optional(),
  openaiModel: z.string().min(1).optional(),
  /** For each request. */
  timeoutSeconds: z.number().positive().max(3600).default(120),
  /** Tries while a server says that it is busy. */
  attempts: z.int().min(1).max(20).default(4),
});

export interface TranslationSettings extends z.infer<typeof translationSettings> {
  libreTranslateKey: string | undefined;
  openaiKey: string | undefined;
}
