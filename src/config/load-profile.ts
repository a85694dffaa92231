import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { DswError } from '../errors.js';
import type { InputSource } from '../planning/capacity/inputs.js';
import type { Profile } from '../planning/capacity/profile.js';
import { didYouMean } from './did-you-mean.js';
import { packageRoot } from './package-root.js';
import { profileSchema } from './profile-schema.js';
import { validate } from './validate.js';
import { parseYaml, readText } from './yaml-source.js';

/** A profile, and where each of its fields has come from. */
export interface LoadedProfile {
  profile: Profile;
  sources: Map<string, InputSource>;
  path: string;
  /** As written. */
  text: string;
}

/** Fields whose defaults are the guides' own figures. */
const GUIDE_FIELDS = /^(waitRatio|memory\..*|cost\.fixedServices)$/;

/** Names of the profiles that ship with dsw. */
export function shippedProfiles(): string[] {
  const order = ['low', 'medium', 'high', 'burst'];
  return readdirSync(join(packageRoot(), 'profiles'))
    .map((file) => basename(file, extname(file)))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/**
 * Reads a profile.
 * @param nameOrPath name of a shipped profile, or path of a YAML file.
 * @throws DswError `config` with file, line, field, what was expected and what was got.
 */
export function loadProfile(nameOrPath: string): LoadedProfile {
  const path = findProfile(nameOrPath);
  const text = readText(path);
  const source = parseYaml(text, path);
  const profile = validate(profileSchema, source);
  const name = isNamed(source.value) ? profile.name : basename(path, extname(path));
  const sources = sourcesOf(profile, source.value);
  return { profile: { ...profile, name }, sources, path, text };
}

function findProfile(nameOrPath: string): string {
  if (/^[\w-]+$/.test(nameOrPath)) {
    const shipped = shippedProfiles();
    if (shipped.includes(nameOrPath)) return join(packageRoot(), 'profiles', `${nameOrPath}.yaml`);
    if (!existsSync(nameOrPath)) throw unknownProfile(nameOrPath, shipped);
  }
  return nameOrPath;
}

function unknownProfile(name: string, shipped: readonly string[]): DswError {
  const guess = didYouMean(name, shipped);
  const advice = guess === undefined ? '' : `; did you mean "${guess}"?`;
  return new DswError(
    'config',
    `profile: expected one of ${shipped.join(', ')} or a YAML file, got "${name}"${advice}`,
    { hint: '"dsw profile init" writes a file to start from.' },
  );
}

function isNamed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value;
}

/** Source of each field of a parsed profile, given the file's own value. */
function sourcesOf(profile: Profile, file: unknown): Map<string, InputSource> {
  const sources = new Map<string, InputSource>();
  const visit = (value: unknown, inFile: unknown, path: string): void => {
    if (isGroup(value) && !('mid' in value)) {
      for (const [key, part] of Object.entries(value)) {
        const given = isGroup(inFile) ? inFile[key] : undefined;
        visit(part, given, path === '' ? key : `${path}.${key}`);
      }
      return;
    }
    const fallback = GUIDE_FIELDS.test(path) ? 'guide' : 'default';
    sources.set(path, inFile === undefined ? fallback : 'given');
  };
  visit(profile, file, '');
  return sources;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
