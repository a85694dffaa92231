import { readEnvironment } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import { readExpected } from '../monitor/doctor/expected.js';
import { lookOnce, Monitor } from '../monitor/monitor.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import { plainPicture } from '../top/plain.js';
import type { Command } from '../top/state.js';

const REFRESH_SECONDS = 1;

export interface ShowOptions {
  settings: Settings;
  redisUrl: string;
  title: string;
  /** Ends the view when it settles; without it, only the user does. */
  ended?: Promise<unknown>;
}

/** Shows the live screen of one system until the user quits. */
export async function showSystem(options: ShowOptions): Promise<void> {
  const { settings, redisUrl, ended } = options;
  const { prefix } = settings;
  const standards = { settings, expected: await readExpected(settings) };
  const monitor = new Monitor({ redisUrl, prefix, everySeconds: REFRESH_SECONDS });
  const [{ showScreen }] = await Promise.all([import('../top/screen.js'), monitor.start()]);
  try {
    const screen = {
      ...headOf(options),
      standards,
      news: monitor.news,
      subscribe: monitor.subscribe.bind(monitor),
      act: async (command: Command) => {
        const { carryOut } = await import('./screen-commands.js');
        return await carryOut(command, { redisUrl, prefix });
      },
      colour: !readEnvironment().noColor,
    };
    await showScreen(screen, ended);
  } finally {
    await monitor.stop();
  }
}

/** One picture of the system as text: what the live screen shows, for a pipe or a file. */
export async function describeSystem(options: ShowOptions, width: number): Promise<string> {
  const picture = await lookOnce(options.redisUrl, options.settings);
  return plainPicture(headOf(options), picture, width);
}

function headOf({ redisUrl, title }: ShowOptions) {
  return { title, address: redactRedisUrl(redisUrl) };
}
