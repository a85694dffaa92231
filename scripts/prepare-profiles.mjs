// The shipped profiles, parsed and checked once, at build time: `dsw plan --profile medium` then
// needs neither YAML nor the schema.
import { rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

/** A plugin that puts the parsed profiles in the place of src/config/prepared-profiles.ts. */
export async function preparedProfiles(root) {
  const folder = `${root}dist/prepare`;
  await build({
    absWorkingDir: root,
    entryPoints: ['src/config/load-profile.ts'],
    outdir: folder,
    ...bundleOptions,
  });
  const { loadProfile, shippedProfiles } = await import(
    pathToFileURL(`${folder}/load-profile.js`).href
  );
  const prepared = {};
  for (const name of shippedProfiles()) {
    const { profile, sources } = await loadProfile(name);
    prepared[name] = { profile, sources: Object.fromEntries(sources) };
  }
  await rm(folder, { recursive: true });
  return {
    name: 'prepared-profiles',
    setup({ onLoad }) {
      onLoad({ filter: /config\/prepared-profiles\.ts$/ }, () => ({
        contents: `export const PREPARED_PROFILES = ${JSON.stringify(prepared)};`,
      }));
    },
  };
}
