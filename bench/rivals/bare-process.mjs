// Computes without any queue: what two cores could do at best. Usage: bare-process.mjs JOBS STEPS
import { compute } from '../work.mjs';

const [jobs, steps] = process.argv.slice(2).map(Number);
compute(steps);
process.on('message', () => {
  const startedAt = performance.now();
  for (let i = 0; i < jobs; i++) compute(steps);
  process.send(jobs / ((performance.now() - startedAt) / 1000), () => process.disconnect());
});
process.send('ready');
