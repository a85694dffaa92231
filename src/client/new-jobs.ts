import { DswError } from '../errors.js';
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

/** @throws DswError `usage` when the options do not go together, or with so many documents. */
export function checkOptions(options: SubmitOptions, documents: number): void {
  const { task, translateTo, splitPages, webhook, key } = options;
  if (translateTo !== undefined) checkTranslation(task, translateTo);
  if (splitPages && task !== 'ocr')
    throw new DswError('usage', `pages are split with the task "ocr", got "${task}"`);
  if (webhook !== undefined) checkWebhook(webhook);
  if (key !== undefined && documents !== 1)
    throw new DswError('usage', `key: expected one document, got ${documents}`);
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

/** @throws DswError when the language is none, or the task does not translate. */
function checkTranslation(task: string, language: string): void {
  languageTag(language);
  if (task !== 'ocr')
    throw new DswError('usage', `a translation goes with the task "ocr", got "${task}"`);
}

/** @throws DswError when it is no address that can be told. */
function checkWebhook(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new DswError('usage', `webhook: expected an http:// or https:// address, got "${url}"`);
}
