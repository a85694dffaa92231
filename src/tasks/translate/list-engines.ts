import type { TranslationSettings } from '../../config/translation-settings.js';
import type { ProgramHost } from '../program-host.js';
import { openEngines } from './choose-engine.js';
import type { EngineDescription } from './engine.js';

/** Nothing is translated here, so no program is asked. */
const NO_PROGRAMS: ProgramHost = {
  ask: () => Promise.reject(new Error('no program runs here')),
};

/** Every translation engine that is set up or installed here, asked what it offers. */
export async function listTranslationEngines(
  settings: TranslationSettings,
): Promise<EngineDescription[]> {
  // A person waits for the list: one try each, and briefly.
  const brief = { ...settings, attempts: 1, timeoutSeconds: Math.min(5, settings.timeoutSeconds) };
  const { signal } = new AbortController();
  return await Promise.all(
    openEngines(brief, NO_PROGRAMS).map((engine) => engine.describe(signal)),
  );
}
