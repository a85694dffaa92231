import { runJob } from '../work.mjs';

export default (job) => Promise.resolve(runJob(job.name, job.data.input));
