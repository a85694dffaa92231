// Type errors and lint together: both look at the same TypeScript program, so that the types are worked
// out once. As `npm run typecheck` and `npm run lint`, for two thirds of their time.
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root } from './setup.mjs';

const program = readProgram();
const diagnostics = ts.getPreEmitDiagnostics(program);
if (diagnostics.length > 0) {
  const host = { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
  console.error(ts.formatDiagnostics(diagnostics, host));
}
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: false, programs: [program] } },
  },
});
const results = await eslint.lintFiles('.');
const formatter = await eslint.loadFormatter('stylish');
process.stderr.write(await formatter.format(results));
const isClean = results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
process.exitCode = diagnostics.length === 0 && isClean ? 0 : 1;

/** The program that tsconfig.json describes. */
function readProgram() {
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => fail([problem]) },
  );
  if (errors.length > 0) fail(errors);
  return ts.createProgram(fileNames, options);
}

function fail(problems) {
  throw new Error(problems.map(({ messageText }) => String(messageText)).join('\n'));
}
