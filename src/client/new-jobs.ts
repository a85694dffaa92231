import { hideCredentials, HTTP_ADDRESS, isHttpAddress } from '../config/addresses.js';
import { DswError } from '../errors.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import { idOfKey } from '../queues/job-id.js';
import type { NewJob } from '../queues/queue-set.js';
import { languageTag } from '../tasks/translate/languages.js';
import type { SubmitOptions } from './submission.js';

/** A document in the store. */
export interface StoredDocument {
  name: string;
  documentId: string;
  contentHash: string;
}

/** A year: BullMQ orders delayed jobs by a number that holds no more than some centuries. */
const MAX_DELAY_SECONDS = 366 * 86_400;
/** BullMQ keeps it in 21 bits. */
const MAX_PRIORITY = 2 ** 21 - 1;

/**
 * Also for callers whose types nobody has checked.
 * @throws DswError `usage` when an option is none, or they do not go together, or with so many documents.
 */
export function checkOptions(options: SubmitOptions, documents: number): void {
  const { queue, task, languages, translateTo, splitPages } = options;
  const { webhook, key, delaySeconds = 0, priority = 0 } = options;
  demand('queue', QUEUE_NAMES.includes(queue), `one of ${QUEUE_NAMES.join(', ')}`, queue);
  demand('task', isText(task), 'a name', task);
  if (task === 'ocr')
    demand('languages', /^\w+(\+\w+)*$/.test(languages), 'codes such as eng or eng+deu', languages);
  if (translateTo !== undefined) {
    demand('translation', task === 'ocr', 'the task "ocr" to go with it', task);
    demand('translation', isLanguage(translateTo), 'a language such as es or spa', translateTo);
  }
  if (splitPages) demand('splitPages', task === 'ocr', 'the task "ocr" to go with it', task);
  if (webhook !== undefined) {
    const shown = hideCredentials(webhook);
    demand('webhook', isHttpAddress(webhook), HTTP_ADDRESS, shown);
  }
  if (key !== undefined) {
    demand('key', isText(key), 'some text', key);
    demand('key', documents === 1, 'one document', documents);
  }
  const delays = delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS;
  demand('delaySeconds', delays, `0 to ${MAX_DELAY_SECONDS}`, delaySeconds);
  const isPlace = Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY;
  demand('priority', isPlace, `a whole number from 0 to ${MAX_PRIORITY}`, priority);
}

function demand(option: string, holds: boolean, expected: string, got: unknown): void {
  if (holds) return;
  const shown = typeof got === 'number' ? String(got) : JSON.stringify(got);
  throw new DswError('usage', `${option}: expected ${expected}, got ${shown}`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isLanguage(code: string): boolean {
  try {
    return languageTag(code) !== '';
  } catch {
    return false;
  }
}

/**
 * The job that does with a stored document what the options say.
 * @param store identity of the store that the document lies in.
 */
export function jobOf(
  { name, documentId, contentHash }: StoredDocument,
  options: SubmitOptions,
  store: string,
  attempts: number,
): NewJob {
  const { queue, task, languages, translateTo, splitPages } = options;
  const { key, delaySeconds, priority, webhook } = options;
  return {
    queue,
    task,
    input: {
      documentId,
      languages,
      ...(translateTo === undefined ? {} : { translateTo }),
      ...(splitPages === undefined ? {} : { splitPages }),
      ...options.input,
    },
    label: name,
    contentHash,
    store,
    attempts,
    ...(key === undefined ? {} : { id: idOfKey(key) }),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(priority === undefined ? {} : { priority }),
    ...(webhook === undefined ? {} : { webhook }),
  };
}
