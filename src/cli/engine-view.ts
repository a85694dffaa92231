import type { EngineDescription } from '../tasks/translate/engine.js';

/** Languages beyond these are counted. */
const SHOWN_DIRECTIONS = 12;

/** One paragraph for each engine, whether it can be used, and if not, what to do. */
export function formatEngines(engines: readonly EngineDescription[]): string {
  return engines.map(formatEngine).join('\n\n');
}

function formatEngine(engine: EngineDescription): string {
  const { name, version, where, directions, problem, note } = engine;
  const title = `${name}${version === undefined ? '' : ` ${version}`}  (${where})`;
  const lines = [
    `state      ${problem ?? 'ready'}`,
    `languages  ${directions === undefined ? 'whatever its model knows' : formatDirections(directions)}`,
    `note       ${note}`,
  ];
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function formatDirections(directions: readonly string[]): string {
  if (directions.length === 0) return 'none';
  const shown = directions.slice(0, SHOWN_DIRECTIONS).join(', ');
  const more = directions.length - SHOWN_DIRECTIONS;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
