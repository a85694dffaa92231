/** What `dsw plan` prints by flag only, in one file that a plain plan need not load. */
export { candidatesCsv } from './candidates-csv.js';
export { comparePlans } from './compare.js';
export { explainPlan } from './explain.js';
export { renderGuide } from './guide.js';
export { sweepPlan } from './sweep.js';
