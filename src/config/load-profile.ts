import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { DswError } from '../errors.js';
import type { InputSource } from '../planning/capacity/inputs.js';
import type { Profile } from '../planning/capacity/profile.js';
import { didYouMean } from './did-you-mean.js';
import { packageRoot } from './package-root.js';
import { PREPARED_PROFILES } from './prepared-profiles.js';

/** A profile, and where each of its fields has come from. */
export interface LoadedProfile {
  profile: Profile;
  /** By dotted path. */
  sources: ReadonlyMap<string, InputSource>;
  path: string;
}

/** Names of the profiles that ship with dsw. */
export function shippedProfiles(): string[] {
  const order = ['low', 'medium', 'high', 'burst'];
  return readdirSync(join(packageRoot(), 'profiles'))
    .map((file) => basename(file, extname(file)))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/**
 * Loads a profile: one that ships, as it was parsed at build time, or a YAML file.
 * @param nameOrPath name of a shipped profile, or path of a YAML file.
 * @throws DswError `config` with file, line, field, what was expected and what was got.
 */
export async function loadProfile(nameOrPath: string): Promise<LoadedProfile> {
  const path = findProfile(nameOrPath);
  const prepared = path === shippedPath(nameOrPath) ? PREPARED_PROFILES[nameOrPath] : undefined;
  const { profile, sources } = prepared ?? (await import('./read-profile.js')).readProfile(path);
  return { profile, sources: new Map(Object.entries(sources)), path };
}

function shippedPath(name: string): string {
  return join(packageRoot(), 'profiles', `${name}.yaml`);
}

function findProfile(nameOrPath: string): string {
  if (/^[\w-]+$/.test(nameOrPath)) {
    const shipped = shippedProfiles();
    if (shipped.includes(nameOrPath)) return shippedPath(nameOrPath);
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
