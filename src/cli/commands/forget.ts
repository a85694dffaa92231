import type { Command } from 'commander';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { storeOptions } from '../../documents/open-store.js';
import { confirm } from '../confirm.js';
import { withExamples } from '../examples.js';
import { addStoreFlag, addSystemFlags, type SystemFlags } from '../flags.js';
import { formatTable, print, printJson } from '../output.js';

interface ForgetFlags extends SystemFlags {
  yes?: boolean;
  json?: boolean;
}

export function registerForget(command: Command): void {
  command
    .argument('<id>', 'a document, or one of its jobs; a running one is cancelled first')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(runForget);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, [
    'dsw forget j1m80y8yjc2hn0m71s46r',
    'dsw forget d1m80y8yj9q4vb6x0k2ta --yes --json',
  ]);
}

async function runForget(id: string, flags: ForgetFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  await confirm(`Erase ${id} with its document, results and jobs, for good?`, flags.yes);
  const { DocumentDesk } = await import('../../client/document-desk.js');
  const store = storeOptions(settings, redisUrl);
  const desk = await DocumentDesk.open(redisUrl, settings.prefix, store);
  try {
    const forgotten = await desk.forget(id);
    const { erased, left } = forgotten;
    const kinds = ['objects', 'bytes', 'jobs', 'events'] as const;
    const columns = [
      { title: 'WHAT', value: (kind: (typeof kinds)[number]) => kind },
      {
        title: 'ERASED',
        align: 'right' as const,
        value: (kind: (typeof kinds)[number]) => String(erased[kind]),
      },
      {
        title: 'LEFT',
        align: 'right' as const,
        value: (kind: (typeof kinds)[number]) => String(left[kind]),
      },
    ];
    if (flags.json) printJson(forgotten);
    else print(formatTable(columns, kinds));
    if (kinds.some((kind) => left[kind] > 0)) process.exitCode = 1;
  } finally {
    await desk.close();
  }
}
