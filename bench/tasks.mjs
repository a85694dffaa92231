// The job bodies as tasks of dsw.
import { runJob } from './work.mjs';

const anything = { safeParse: (data) => ({ success: true, data }) };
const task = (name) => ({ name, input: anything, run: (input) => runJob(name, input) });

export const noop = task('noop');
export const cpu = task('cpu');
export const stamp = task('stamp');
