import { basename, resolve } from 'node:path';
import type { DswClient, NewDocument } from '../client/client.js';
import type { SubmitOptions } from '../client/submission.js';
import { storeOptions } from '../documents/open-store.js';
import type { OutputFormat } from '../tasks/ocr/output-formats.js';
import type { SystemFlags } from './flags.js';
import { readJsonInput } from './json-input.js';
import { print, printJson, say } from './output.js';

/** What is told beside the answer. */
const TALK = { info: say, warn: (message: string) => say(`warning: ${message}`) };

interface SubmitFlags extends SystemFlags {
  queue: SubmitOptions['queue'];
  task: string;
  input?: string;
  lang: string;
  langPath?: string;
  format: OutputFormat[];
  dpi?: number;
  splitPages?: boolean;
  translate?: string;
  key?: string;
  delay?: number;
  priority?: number;
  maxWaiting?: number;
  webhook?: string;
  wait?: boolean;
  json?: boolean;
}

/** `dsw submit` */
export async function submitFiles(files: string[], flags: SubmitFlags): Promise<void> {
  const { loadSettings, requireRedisUrl } = await import('../config/load-settings.js');
  const settings = loadSettings(flags);
  const { DswClient } = await import('../client/client.js');
  const documents = await readDocuments(files, settings.limits.maxBytes);
  const { prefix, jobs, limits } = settings;
  const redisUrl = requireRedisUrl(settings);
  const { missingLanguages } = await import('../tasks/ocr/language-data.js');
  const folders = { model: settings.ocr.model, langPath: flags.langPath ?? settings.ocr.langPath };
  // The workers may stand elsewhere, with other data.
  for (const line of missingLanguages(flags.lang, folders)) say(`warning: here is ${line}`);
  const { withTracing } = await import('../app/tracing/open-tracing.js');
  await withTracing(settings, 'client', TALK, async (telemetry) => {
    const client = await DswClient.connect({
      redisUrl,
      prefix,
      store: storeOptions(settings, redisUrl),
      attempts: jobs.attempts,
      maxWaiting: flags.maxWaiting ?? jobs.maxWaiting,
      limits,
      telemetry,
    });
    try {
      await submitAll(client, documents, flags);
    } finally {
      await client.close();
    }
  });
}

async function submitAll(
  client: DswClient,
  documents: NewDocument[],
  flags: SubmitFlags,
): Promise<void> {
  const options = submitOptions(flags);
  if (!flags.wait) {
    const submissions = await client.submit(documents, options);
    if (flags.json) printJson(submissions);
    else print(submissions.map(({ jobId, name }) => `${jobId}  ${name}`).join('\n'));
    return;
  }
  const { submitAndWait } = await import('../client/follow.js');
  const { reportDocuments, formatReports, describeEvent } = await import('./document-report.js');
  const followed = await submitAndWait(
    client,
    documents,
    options,
    (event, name) => say(describeEvent(event, name)),
    (submissions) => submissions.forEach(({ jobId, name }) => say(`${name}: sent as ${jobId}`)),
  );
  const reports = await reportDocuments(client.documents, followed);
  if (flags.json) printJson(reports);
  else print(formatReports(reports));
  if (reports.some(({ state }) => state === 'dead')) process.exitCode = 1;
}

function submitOptions(flags: SubmitFlags): SubmitOptions {
  const { queue, task, lang: languages, langPath, format: formats, dpi } = flags;
  const options = {
    queue,
    task,
    languages,
    ...(flags.translate === undefined ? {} : { translateTo: flags.translate }),
    ...(flags.splitPages === undefined ? {} : { splitPages: flags.splitPages }),
    ...(flags.key === undefined ? {} : { key: flags.key }),
    ...(flags.delay === undefined ? {} : { delaySeconds: flags.delay }),
    ...(flags.priority === undefined ? {} : { priority: flags.priority }),
    ...(flags.webhook === undefined ? {} : { webhook: flags.webhook }),
  };
  const given = flags.input === undefined ? undefined : readJsonInput(flags.input);
  if (task !== 'ocr') return given === undefined ? options : { ...options, input: given };
  const input = {
    ...given,
    formats,
    ...(dpi === undefined ? {} : { dpi }),
    ...(langPath === undefined ? {} : { langPath: resolve(langPath) }),
  };
  return { ...options, input };
}

async function readDocuments(paths: string[], maxBytes: number): Promise<NewDocument[]> {
  const { readSource } = await import('../client/read-source.js');
  return await Promise.all(
    paths.map(async (path) => {
      const name = basename(path);
      return { name, bytes: await readSource(path, name, maxBytes) };
    }),
  );
}
