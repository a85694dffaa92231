import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { UnrecoverableError } from '../contract.js';

/** Trained data of one language, possibly gzipped. */
export interface LanguageData {
  code: string;
  data: Buffer;
}

/** The integer model: four times smaller than the full one and as good on print. */
const MODEL = '4.0.0_best_int';

/**
 * Reads the trained data of languages such as "eng+deu" from npm data packages on disk: those of
 * the project in the working folder first, then those beside dsw. Nothing is downloaded.
 * @throws UnrecoverableError naming the package to install.
 */
export async function readLanguages(languages: string): Promise<LanguageData[]> {
  return Promise.all(
    languages.split('+').map(async (code) => {
      if (!/^\w+$/.test(code))
        throw new UnrecoverableError(
          `expected a language such as "eng" or "eng+deu", got "${languages}"`,
        );
      const folder = findPackage(`@tesseract.js-data/${code}`);
      if (folder === undefined) {
        throw new UnrecoverableError(
          `no data for language "${code}": npm install @tesseract.js-data/${code}`,
        );
      }
      return { code, data: await readFile(join(folder, MODEL, `${code}.traineddata.gz`)) };
    }),
  );
}

function findPackage(name: string): string | undefined {
  for (const from of [process.cwd(), packageRoot()]) {
    try {
      return dirname(createRequire(join(from, 'any.js')).resolve(`${name}/package.json`));
    } catch {
      continue;
    }
  }
  return undefined;
}
