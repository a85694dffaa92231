import type { TranslationSettings } from '../../config/translation-settings.js';
import { UnrecoverableError } from '../contract.js';
import type { ProgramHost } from '../program-host.js';
import { Apertium, hasApertium } from './apertium.js';
import type { EngineName, TranslationEngine } from './engine.js';
import { languageName, type Direction } from './languages.js';
import { LibreTranslate } from './libretranslate.js';
import { OpenAiChat } from './openai-chat.js';

/** Best first: what `auto` means, of those that are there. */
const PREFERENCE: readonly EngineName[] = ['openai', 'libretranslate', 'apertium'];

/** The engines that are set up; Apertium needs no setting. */
export function openEngines(
  settings: TranslationSettings,
  programs: ProgramHost,
): TranslationEngine[] {
  const { libreTranslateUrl, openaiUrl, openaiModel, timeoutSeconds, attempts } = settings;
  const patience = { timeoutSeconds, attempts };
  return PREFERENCE.flatMap((name): TranslationEngine[] => {
    switch (name) {
      case 'apertium':
        return [new Apertium(programs)];
      case 'libretranslate':
        return libreTranslateUrl === undefined
          ? []
          : [
              new LibreTranslate({
                url: libreTranslateUrl,
                apiKey: settings.libreTranslateKey,
                ...patience,
              }),
            ];
      case 'openai':
        return openaiUrl === undefined
          ? []
          : [
              new OpenAiChat({
                url: openaiUrl,
                model: openaiModel,
                apiKey: settings.openaiKey,
                ...patience,
              }),
            ];
    }
  });
}

/**
 * The engine for a direction.
 * @throws UnrecoverableError that says how to get one.
 */
export function chooseEngine(
  settings: TranslationSettings,
  direction: Direction,
  programs: ProgramHost,
): TranslationEngine {
  const engines = openEngines(settings, programs);
  const wanted =
    settings.engine === 'auto'
      ? engines.find(({ name }) => name !== 'apertium' || hasApertium(direction))
      : engines.find(({ name }) => name === settings.engine);
  if (wanted) return wanted;
  const pair = `${languageName(direction.from)} into ${languageName(direction.to)}`;
  throw new UnrecoverableError(
    `nothing here translates ${pair}: set translation.libreTranslateUrl or translation.openaiUrl in dsw.yaml, or install apertium with this language pair`,
  );
}
