import type { Translation } from '../tasks/translate/translate-stored.js';

/** Where a task's result says that its text lies. */
export function textKeyOf(result: unknown): string | undefined {
  const { textKey } = (result ?? {}) as { textKey?: unknown };
  return typeof textKey === 'string' ? textKey : undefined;
}

/** The translation that came with a task's result, if one was asked for. */
export function translationOf(result: unknown): Translation | undefined {
  return ((result ?? {}) as { translation?: Translation }).translation;
}
