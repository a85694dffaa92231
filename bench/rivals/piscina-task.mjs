import { runJob } from '../work.mjs';

export default ({ name, input }) => runJob(name, input);
