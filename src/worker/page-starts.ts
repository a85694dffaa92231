import type { PageStart } from './slot-messages.js';

/** A trace with more would not be read. */
const MOST_PAGES = 200;

/** When each page of a document was begun, from what its task says of its progress. */
export class PageStarts {
  readonly all: PageStart[] = [];

  note(progress: string): void {
    const number = Number(/^page (\d+)\//.exec(progress)?.[1]);
    if (number > (this.all.at(-1)?.number ?? 0) && this.all.length < MOST_PAGES)
      this.all.push({ number, at: Date.now() });
  }
}
