import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';

export interface Sample {
  name: string;
  bytes: Buffer;
}

/** The sample documents that ship with dsw, by name. */
export function readSamples(): Sample[] {
  const folder = join(packageRoot(), 'samples');
  return readdirSync(folder)
    .filter((name) => /\.(png|jpe?g|webp|bmp)$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}
