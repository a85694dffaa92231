import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { documentKeys } from '../../documents/document-store.js';
import { storeOptions } from '../../documents/open-store.js';
import { DswError } from '../../errors.js';
import { OUTPUT_FILES, OUTPUT_FORMATS, type OutputFormat } from '../../tasks/ocr/output-formats.js';
import { withExamples } from '../examples.js';
import { addStoreFlag, addSystemFlags, type SystemFlags } from '../flags.js';
import { printJson, say } from '../output.js';

interface ResultsFlags extends SystemFlags {
  format: OutputFormat | 'translation' | 'json';
  out?: string;
  json?: boolean;
}

export function registerResults(command: Command): void {
  command
    .argument('<job>')
    .addOption(
      new Option('--format <name>', 'which output')
        .choices([...OUTPUT_FORMATS, 'translation', 'json'])
        .default('text'),
    )
    .option('--out <file>', 'write to a file, readable by its owner only')
    .option('--json', 'the same as --format json: what is on record of the job')
    .action(runResults);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, [
    'dsw results j1m80y8yjc2hn0m71s46r',
    'dsw results j1m80y8yjc2hn0m71s46r --format translation',
    'dsw results j1m80y8yjc2hn0m71s46r --format pdf --out letter.pdf',
  ]);
}

async function runResults(id: string, flags: ResultsFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  const { documentIdOf } = await import('../../queues/job-payload.js');
  const { DocumentDesk } = await import('../../client/document-desk.js');
  const store = storeOptions(settings, redisUrl);
  const desk = await DocumentDesk.open(redisUrl, settings.prefix, store);
  try {
    const job = await desk.job(id);
    if (flags.json || flags.format === 'json') {
      printJson(job);
      return;
    }
    if (job.state !== 'done')
      throw new DswError(
        'failed',
        `no result: job ${id} is ${job.state}${job.reason ? `: ${job.reason}` : ''}`,
      );
    const { textKeyOf, translationOf } = await import('../../client/result-keys.js');
    const key =
      flags.format === 'translation'
        ? textKeyOf(translationOf(job.result))
        : documentKeys.result(documentIdOf(job.input) ?? id, id, OUTPUT_FILES[flags.format]);
    if (key === undefined || !(await desk.documents.has(key)))
      throw new DswError('failed', `job ${id} has no ${flags.format} output in the store`);
    const bytes = await desk.documents.get(key);
    if (flags.out === undefined) process.stdout.write(bytes);
    else {
      await writeFile(flags.out, bytes, { mode: 0o600 });
      say(`${flags.out}: ${bytes.length} bytes`);
    }
  } finally {
    await desk.close();
  }
}
