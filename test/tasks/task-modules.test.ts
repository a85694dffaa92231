import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TaskShelf } from '../../src/tasks/registry.js';
import { findTaskModules } from '../../src/tasks/task-modules.js';
import { temporaryFolder } from '../support/folder.js';

const TASK = `{ name: 'count', input: { safeParse: (data) => ({ success: true, data }) }, run: () => 1 }`;

/** A folder that holds these files. */
function project(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const open = (...paths: string[]) => TaskShelf.open(findTaskModules(paths));

describe('the user’s own tasks', () => {
  it('come from modules and folders, TypeScript and JavaScript', async () => {
    const folder = project({
      'one.ts': `
        import { defineTask, UnrecoverableError } from 'dsw/tasks';
        import { suffix } from './parts/suffix.js';
        enum Kind { A = 'a' }
        const anything = { safeParse: (data: unknown) => ({ success: true, data }) } as never;
        const task = defineTask<number, string>({
          name: 'typed_' + Kind.A + suffix,
          input: anything,
          retry: { attempts: 7 },
          hardLimitSeconds: 9,
          run: async () => await Promise.resolve(new UnrecoverableError('x').name),
        });
        export { task, task as default };`,
      'parts/suffix.ts': `export const suffix: string = '1';`,
      'more/two.mjs': `export const count = ${TASK}; export const HELPER = 5;`,
      'more/two.test.mjs': `throw new Error('no module of tasks');`,
      'more/types.d.ts': `declare const nothing: never;`,
    });
    const shelf = await open(join(folder, 'one.ts'), join(folder, 'more'), join(folder, 'more'));
    const facts = (await shelf.facts()).filter(({ module }) => module !== undefined);
    expect(facts).toEqual([
      {
        name: 'typed_a1',
        module: join(folder, 'one.ts'),
        retry: { attempts: 7 },
        hardLimitSeconds: 9,
      },
      { name: 'count', module: join(folder, 'more', 'two.mjs') },
    ]);
    const typed = await shelf.require('typed_a1');
    expect(await typed.run(1 as never, {} as never)).toBe('UnrecoverableError');
  });

  it.each<[string, Record<string, string>, string[], RegExp]>([
    ['a missing module', {}, ['gone.ts'], /^tasks: no such file or folder: .*gone\.ts$/],
    ['a folder without modules', { 'a/x.txt': '' }, ['a'], /^tasks: no module in the folder .*a$/],
    [
      'another kind of file',
      { 'a.py': '' },
      ['a.py'],
      /^tasks: expected a module \(\.ts, .*a\.py$/,
    ],
    ['no task', { 'a.mjs': 'export const x = 1' }, ['a.mjs'], /to export what defineTask .*got x$/],
    ['a syntax error', { 'a.ts': 'export const = 1' }, ['a.ts'], /can't load .*a\.ts: .*token/i],
    ['a throw', { 'a.mjs': 'throw new Error("no db")' }, ['a.mjs'], /a\.mjs: Error: no db$/],
    [
      'a task without input',
      { 'a.mjs': `export const count = { name: 'c', run() {} }` },
      ['a.mjs'],
      /^tasks: .*a\.mjs: export count\.input: expected a zod schema, got nothing$/,
    ],
    [
      'a misspelt field',
      { 'a.mjs': `export const count = { ...${TASK}, softLimitSecond: 3 }` },
      ['a.mjs'],
      /export count\.softLimitSecond: unknown field; did you mean "softLimitSeconds"\?$/,
    ],
    [
      'a name of dsw’s own',
      { 'a.mjs': `export const count = { ...${TASK}, name: 'ocr' }` },
      ['a.mjs'],
      /a\.mjs exports "ocr", as dsw itself does$/,
    ],
    [
      'a name twice',
      { 'a.mjs': `export const c = ${TASK}`, 'b.mjs': `export const c = ${TASK}` },
      ['a.mjs', 'b.mjs'],
      /b\.mjs exports "count", as .*a\.mjs does$/,
    ],
  ])('%s is one clear line', async (_what, files, paths, message) => {
    const folder = project(files);
    const opened = (async () => open(...paths.map((path) => join(folder, path))))();
    await expect(opened).rejects.toMatchObject({ code: 'config', message });
  });

  it('name the package that is missing, and where to install it', async () => {
    const folder = project({ 'a.ts': `import { x } from '@scope/absent/part.js'; export { x };` });
    await expect(open(join(folder, 'a.ts'))).rejects.toMatchObject({
      hint: `npm install @scope/absent in ${folder}`,
    });
  });
});
