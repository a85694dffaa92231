import type { InputSource } from '../planning/capacity/inputs.js';
import type { Profile } from '../planning/capacity/profile.js';

/** A profile as the schema leaves it, and where each of its fields has come from. */
export interface ParsedProfile {
  profile: Profile;
  /** By dotted path. */
  sources: Record<string, InputSource>;
}

/**
 * The shipped profiles, parsed when dsw is built (scripts/prepare-profiles.mjs puts them in place of
 * this): reading YAML and checking it takes longer than planning. Empty when run from source.
 */
export const PREPARED_PROFILES: Readonly<Record<string, ParsedProfile>> = {};
