import { basename, extname } from 'node:path';
import type { InputSource } from '../planning/capacity/inputs.js';
import type { Profile } from '../planning/capacity/profile.js';
import type { ParsedProfile } from './prepared-profiles.js';
import { profileSchema } from './profile-schema.js';
import { starterExample } from './profile-starter.js';
import { validate } from './validate.js';
import { formatPath, readYaml } from './yaml-source.js';

/** Fields whose defaults are the guides' own figures. */
const GUIDE_FIELDS = /^(waitRatio|memory\..*|cost\.fixedServices)$/;

/**
 * Reads and checks a profile in YAML.
 * @throws DswError `config` with file, line, field, what was expected and what was got.
 */
export function readProfile(path: string): ParsedProfile {
  const source = readYaml(path);
  const profile = validate(profileSchema, source, starterExample);
  const name = isNamed(source.value) ? profile.name : basename(path, extname(path));
  return { profile: { ...profile, name }, sources: sourcesOf(profile, source.value) };
}

/**
 * Checks a profile that did not come from a file as if it did.
 * @param where what the user gave it by, such as a flag.
 * @throws DswError `config` with that, the field, what was expected and what was got.
 */
export function checkProfile(value: Profile, where: string): Profile {
  const place = (path: readonly PropertyKey[]): string => `${where}: ${formatPath(path)}`;
  return validate(profileSchema, { value, where: place });
}

function isNamed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value;
}

/** Source of each field of a parsed profile, given the file's own value. */
function sourcesOf(profile: Profile, file: unknown): Record<string, InputSource> {
  const sources: Record<string, InputSource> = {};
  const visit = (value: unknown, inFile: unknown, path: string): void => {
    if (isGroup(value) && !('mid' in value)) {
      for (const [key, part] of Object.entries(value)) {
        const given = isGroup(inFile) ? inFile[key] : undefined;
        visit(part, given, path === '' ? key : `${path}.${key}`);
      }
      return;
    }
    const fallback = GUIDE_FIELDS.test(path) ? 'guide' : 'default';
    sources[path] = inFile === undefined ? fallback : 'given';
  };
  visit(profile, file, '');
  return sources;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
