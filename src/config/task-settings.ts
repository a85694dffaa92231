import type { DocumentLimits, OcrSettings } from './document-settings.js';
import { readEnvironment, type Environment } from './environment.js';
import type { Settings } from './settings.js';
import type { TranslationSettings } from './translation-settings.js';

/** What the settings say to tasks, inside their slots. */
export interface TaskSettings {
  limits: DocumentLimits;
  ocr: OcrSettings;
  translation: TranslationSettings;
  /** What a slot may hold, if there is a bound. */
  slotMemoryMb: number | undefined;
}

/** The part of the settings that tasks are given, with the keys from the environment. */
export function taskSettings(
  settings: Settings,
  environment: Environment = readEnvironment(),
): TaskSettings {
  const { libreTranslateKey, openaiKey } = environment;
  const { limits, ocr, translation, worker } = settings;
  return {
    limits,
    ocr,
    translation: { ...translation, libreTranslateKey, openaiKey },
    slotMemoryMb: worker.slotMemoryMb,
  };
}
