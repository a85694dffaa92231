// npm start: from a bare machine to scanned pages turning into text. Arguments go to `dsw up`.
import { ensureBuild, ensureDependencies, run } from './setup.mjs';

ensureDependencies();
ensureBuild();
const args = process.argv.slice(2);
run(process.execPath, ['bin/dsw.js', 'up', ...(args.length > 0 ? args : ['--demo'])]);
