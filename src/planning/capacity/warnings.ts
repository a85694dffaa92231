import type { Candidate } from './candidate.js';
import type { Judge } from './judge.js';
import { POINT_FIELDS } from './load-point.js';
import type { Profile } from './profile.js';

export interface Warning {
  code: string;
  /** Dotted path in the profile, where one field is behind it. */
  field?: string;
  sentence: string;
}

/** What to know before relying on an answer. */
export function warningsFor(judge: Judge, chosen: Candidate): Warning[] {
  const { profile, checks, work } = judge;
  const warnings: Warning[] = [];
  const share = chosen.holdsInShareOfCases;
  const { confidence } = profile.target;
  if ((share < 1 && isOpen(profile)) || confidence !== undefined) {
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
  if (work.cuts.length > 0) {
    const sentence = `This load takes long to work out, so these were left out: ${work.cuts.join(', ')}.`;
    warnings.push({ code: 'workCut', sentence });
  }
  return warnings;
}

/** Whether some figure of the load is an interval. */
function isOpen(profile: Profile): boolean {
  return POINT_FIELDS.some((field) => typeof profile[field] !== 'number');
}
