import type { OcrDescription } from '../tasks/ocr/describe-ocr.js';
import type { EngineDescription } from '../tasks/translate/engine.js';

/** Languages beyond these are counted. */
const SHOWN_LANGUAGES = 12;

/** One paragraph for each engine, whether it can be used, and if not, what to do. */
export function formatEngines(engines: readonly (OcrDescription | EngineDescription)[]): string {
  return engines.map(formatEngine).join('\n\n');
}

function formatEngine(engine: OcrDescription | EngineDescription): string {
  const { name, version, where, problem, note } = engine;
  const languages = 'languages' in engine ? engine.languages : engine.directions;
  const title = `${name}${version === undefined ? '' : ` ${version}`}  (${where})`;
  const lines = [
    `state      ${problem ?? 'ready'}`,
    `languages  ${languages === undefined ? 'whatever its model knows' : formatLanguages(languages)}`,
    `note       ${note}`,
  ];
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function formatLanguages(languages: readonly string[]): string {
  if (languages.length === 0) return 'none';
  const shown = languages.slice(0, SHOWN_LANGUAGES).join(', ');
  const more = languages.length - SHOWN_LANGUAGES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
