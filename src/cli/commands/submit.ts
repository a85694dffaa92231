import { InvalidArgumentError, Option, type Command } from 'commander';
import { MAX_DPI, MIN_DPI } from '../../config/ocr-bounds.js';
import { QUEUE_NAMES } from '../../planning/queue-names.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../tasks/ocr/output-formats.js';
import { withExamples } from '../examples.js';
import {
  addStoreFlag,
  addSystemFlags,
  parseCount,
  parseDelay,
  parseList,
  parsePriority,
  parseText,
  parseWithin,
} from '../flags.js';
import { submitFiles } from '../submit-handlers.js';

export function registerSubmit(command: Command): void {
  command
    .argument('<file...>', 'PDF, PNG, JPEG, WebP, BMP or TIFF; any for tasks of your own')
    .addOption(new Option('--queue <name>', 'which queue').choices(QUEUE_NAMES).default('default'))
    .option('--task <name>', 'what to do with them', parseText, 'ocr')
    .option('--input <json>', 'what else the task is told, as JSON or @file')
    .option('--lang <codes>', 'languages of the text, such as eng+deu', parseLanguages, 'eng')
    .option('--lang-path <folder>', 'where to look last for traineddata files', parseText)
    .option('--format <list>', 'outputs: text, hocr, tsv, pdf', parseFormats, ['text'])
    .option('--dpi <number>', 'resolution for PDF pages that have no text', parseDpi)
    .option('--split-pages', 'read the pages in several slots at once')
    .option('--translate <code>', 'translate what was read into this language, such as es')
    .option(
      '--key <text>',
      'idempotency key of one document: the same job for all under it',
      parseText,
    )
    .option('--delay <time>', 'not to run before, such as 15m', parseDelay)
    .option('--priority <n>', 'place within the queue: 0 first, then 1, 2, …', parsePriority)
    .option('--max-waiting <n>', 'refuse when more than so many jobs would wait', parseCount)
    .option('--webhook <url>', 'tell this address when a job is done or dead')
    .option('--wait', 'wait for the results; exit 1 if any document failed')
    .option('--json', 'print JSON')
    .action(submitFiles);
  addStoreFlag(addSystemFlags(command));
  withExamples(command, [
    'dsw submit letter.png --wait',
    'dsw submit scans/*.jpg --queue low_priority',
    'dsw submit letter.png --translate es --wait',
    'dsw submit contract.pdf --lang eng+deu --format text,pdf',
    'dsw submit scan.pdf --split-pages --wait',
    `dsw submit letter.txt --task word_count --input '{"top":5}'`,
    'dsw submit urgent.png --queue high_priority --wait --json',
  ]);
}

function parseLanguages(text: string): string {
  if (/^\w+(\+\w+)*$/.test(text)) return text;
  throw new InvalidArgumentError('Expected codes such as eng or eng+deu.');
}

function parseDpi(text: string): number {
  return parseWithin(text, MIN_DPI, MAX_DPI);
}

function parseFormats(text: string): OutputFormat[] {
  return parseList(text).map((name) => {
    const format = OUTPUT_FORMATS.find((known) => known === name);
    if (!format) throw new InvalidArgumentError(`Expected some of ${OUTPUT_FORMATS.join(', ')}.`);
    return format;
  });
}
