import { listLanguages, type LanguageFolders } from './language-data.js';
import { loadTesseractCore } from './tesseract-core.js';

/** The engine that reads pages, as it stands here. */
export interface OcrDescription {
  name: 'tesseract';
  where: string;
  version: string;
  /** Codes that `--lang` takes here, such as "eng". */
  languages: string[];
  /** Why it can't be used, if so. */
  problem: string | undefined;
  note: string;
}

/** Asks the engine itself, and looks where a worker started here would find its languages. */
export async function describeOcr(folders: LanguageFolders): Promise<OcrDescription> {
  const core = await loadTesseractCore(() => undefined);
  const languages = listLanguages(folders);
  return {
    name: 'tesseract',
    where: 'WebAssembly, in each slot',
    version: new core.TessBaseAPI().Version(),
    languages,
    problem: languages.length === 0 ? 'it has no language' : undefined,
    note: `model ${folders.model}; npm install @tesseract.js-data/CODE adds a language`,
  };
}
