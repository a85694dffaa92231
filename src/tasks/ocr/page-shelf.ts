import { documentKeys, type DocumentStore } from '../../documents/document-store.js';
import { DswError } from '../../errors.js';
import type { EnginePage } from './engine.js';
import type { PageReading } from './page-reading.js';

/**
 * The finished pages of one document, kept until it is whole: a job that was interrupted goes on
 * after the last of them, in whatever worker.
 */
export class PageShelf {
  readonly #documents: DocumentStore;
  readonly #key: (name: string) => string;

  /** @param jobId the job that the pages belong to. */
  constructor(documents: DocumentStore, documentId: string, jobId: string) {
    this.#documents = documents;
    this.#key = (name) => documentKeys.result(documentId, jobId, `pages/${name}`);
  }

  /** @param page number from 1. */
  async get(page: number): Promise<PageReading | undefined> {
    try {
      const bytes = await this.#documents.get(this.#key(`${page}.json`));
      return JSON.parse(bytes.toString('utf8')) as PageReading;
    } catch (error) {
      if (error instanceof DswError && error.code === 'refused') return undefined;
      throw error;
    }
  }

  /** @param page number from 1. */
  has(page: number): Promise<boolean> {
    return this.#documents.has(this.#key(`${page}.json`));
  }

  /** Which of the pages 1 to `count` are not finished. */
  async missing(count: number): Promise<number[]> {
    const prefix = this.#key('');
    const finished = new Set<string>();
    for await (const { key } of this.#documents.list(prefix))
      finished.add(key.slice(prefix.length));
    const pages = Array.from({ length: count }, (_, i) => i + 1);
    return pages.filter((page) => !finished.has(`${page}.json`));
  }

  /** The reading comes last: with it the page is finished. */
  async put(page: number, { reading, pdf }: EnginePage): Promise<void> {
    if (pdf) await this.#documents.put(this.#key(`${page}.pdf`), pdf);
    await this.#documents.put(this.#key(`${page}.json`), Buffer.from(JSON.stringify(reading)));
  }

  /** The pages as PDFs, one after the other. */
  async *pdfs(pages: number): AsyncIterable<{ bytes: Buffer }> {
    for (let page = 1; page <= pages; page++)
      yield { bytes: await this.#documents.get(this.#key(`${page}.pdf`)) };
  }

  async clear(): Promise<void> {
    await this.#documents.remove(this.#key(''));
  }
}
