import type { Profile } from './profile.js';

export type InputSource = 'given' | 'default' | 'guide' | 'measured';

export interface Input {
  /** Dotted path in the profile. */
  field: string;
  value: unknown;
  source: InputSource;
}

/** Each figure of a profile with where it has come from; given, unless said otherwise. */
export function inputsOf(
  profile: Profile,
  sources: ReadonlyMap<string, InputSource> | undefined,
): Input[] {
  const inputs: Input[] = [];
  const visit = (value: unknown, field: string): void => {
    if (isGroup(value) && !('mid' in value)) {
      for (const [key, part] of Object.entries(value))
        visit(part, field === '' ? key : `${field}.${key}`);
    } else if (value !== undefined && !['name', 'description'].includes(field)) {
      inputs.push({ field, value, source: sources?.get(field) ?? 'given' });
    }
  };
  visit(profile, '');
  return inputs;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
