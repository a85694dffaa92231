import { open } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { documentKeys } from '../../documents/document-store.js';
import { storeOptions } from '../../documents/open-store.js';
import { DswError } from '../../errors.js';
import { OUTPUT_FILES, OUTPUT_FORMATS, type OutputFormat } from '../../tasks/ocr/output-formats.js';
import { withExamples } from '../examples.js';
import { addStoreFlag, addSystemFlags, parseText, type SystemFlags } from '../flags.js';
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
    .option('--out <file>', 'write to a file, readable by its owner only', parseText)
    .option('--json', 'the same as --format json: what is on record of the job')
    .action(runResults);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, [
    'dsw results j1m80y8yjc2hn0m71s46r',
    'dsw results j1m80y8yjc2hn0m71s46r --format translation',
    'dsw results j1m80y8yjc2hn0m71s46r --format pdf --out letter.pdf',
  ]);
}

/** Text is made of every document that is read. */
const HOW_TO_ASK: Record<Exclude<ResultsFlags['format'], 'json'>, string> = {
  text: 'Only tasks that read a document make one, and cleanup removes it: cleanup.maxAgeHours.',
  hocr: 'It is made when asked for: dsw submit FILE --format text,hocr.',
  tsv: 'It is made when asked for: dsw submit FILE --format text,tsv.',
  pdf: 'It is made when asked for: dsw submit FILE --format text,pdf.',
  translation: 'It is made when asked for: dsw submit FILE --translate es.',
};

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
      throw new DswError('failed', `job ${id} has no ${flags.format} output in the store`, {
        hint: HOW_TO_ASK[flags.format],
      });
    const bytes = await desk.documents.get(key);
    if (flags.out === undefined) process.stdout.write(bytes);
    else {
      await writePrivate(flags.out, bytes);
      say(`${flags.out}: ${bytes.length} bytes`);
    }
  } finally {
    await desk.close();
  }
}

/** Also where the file was there before, for all to read. */
async function writePrivate(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    if ((await file.stat()).isFile()) await file.chmod(0o600);
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}
