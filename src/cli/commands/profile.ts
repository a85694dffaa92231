import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { print, printJson, say } from '../output.js';

export function registerProfile(profile: Command): void {
  withExamples(profile, [
    'dsw profile list',
    'dsw profile show medium',
    'dsw profile init                 # writes profile.yaml to start from',
    'dsw profile check profile.yaml',
  ]);
  registerReaders(profile);
  const init = profile
    .command('init')
    .description('write a commented profile to start from')
    .argument('[file]', 'where', 'profile.yaml')
    .option('--force', 'overwrite a file that exists')
    .action(async (file: string, { force = false }: { force?: boolean }) => {
      const { writeStarterProfile } = await import('../../config/profile-starter.js');
      writeStarterProfile(file, force);
      say(`${file} written. Next: dsw plan --profile ${file}`);
    });
  withExamples(init, ['dsw profile init', 'dsw profile init ocr.yaml']);
}

function registerReaders(profile: Command): void {
  const list = profile
    .command('list')
    .description('the profiles that ship with dsw')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { loadProfile, shippedProfiles } = await import('../../config/load-profile.js');
      const loaded = await Promise.all(shippedProfiles().map(loadProfile));
      const rows = loaded.map(({ profile }) => profile);
      if (json) printJson(rows.map(({ name, description }) => ({ name, description })));
      else for (const { name, description } of rows) print(`${name.padEnd(8)}${description}`);
    });
  withExamples(list, ['dsw profile list']);
  const show = profile
    .command('show')
    .description('a profile as written, or as JSON with every default filled in')
    .argument('<profile>', 'name or file')
    .option('--json', 'as JSON, with defaults')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { loadProfile } = await import('../../config/load-profile.js');
      const { profile: loaded, path } = await loadProfile(name);
      if (json) printJson(loaded);
      else print(readFileSync(path, 'utf8'));
    });
  withExamples(show, ['dsw profile show medium', 'dsw profile show medium --json']);
  const check = profile
    .command('check')
    .description('check a profile; exit 2 when something in it is wrong')
    .argument('<file>', 'name or file')
    .action(async (file: string) => {
      const { loadProfile } = await import('../../config/load-profile.js');
      const { path } = await loadProfile(file);
      say(`${path}: no mistakes found.`);
    });
  withExamples(check, ['dsw profile check profile.yaml']);
}
