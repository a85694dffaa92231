import type { Candidate } from './candidate.js';
import type { Check } from './checks.js';
import type { Profile } from './profile.js';

export interface Warning {
  code: string;
  /** Dotted path in the profile, where one field is behind it. */
  field?: string;
  sentence: string;
}

/** What to know before relying on an answer. */
export function warningsFor(
  profile: Profile,
  chosen: Candidate,
  checks: readonly Check[],
): Warning[] {
  const warnings: Warning[] = [];
  const share = chosen.holdsInShareOfCases;
  const { confidence } = profile.target;
  if (share < 1 || confidence !== undefined) {
    const wanted = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % are wanted`;
    warnings.push({
      code: 'cases',
      sentence: `Within the intervals of the profile the answer holds in ${Math.round(share * 100)} % of the cases${wanted}.`,
    });
  }
  if (chosen.memory.verdict === 'alert') {
    warnings.push({
      code: 'memoryAlert',
      sentence: 'Memory may pass the line above which the guides want an alert.',
    });
  }
  if (chosen.memory.verdict === 'risky') {
    const sentence =
      'By one of the memory models the answer does not fit: measure a busy worker before relying on it.';
    warnings.push({ code: 'memoryRisk', sentence });
  }
  if (checks.some(({ agree }) => !agree)) {
    warnings.push({
      code: 'simulation',
      sentence: 'Formula and simulation differ; the simulation decides.',
    });
  }
  return warnings;
}
