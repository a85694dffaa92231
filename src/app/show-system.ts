import { readEnvironment } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import { Monitor, readOnce } from '../monitor/monitor.js';
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
  const monitor = new Monitor({ redisUrl, prefix, everySeconds: REFRESH_SECONDS });
  const [{ showScreen }] = await Promise.all([import('../top/screen.js'), monitor.start()]);
  try {
    const screen = {
      ...headOf(options),
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
  const { settings, redisUrl } = options;
  return plainPicture(headOf(options), await readOnce(redisUrl, settings.prefix), width);
}

function headOf({ settings, redisUrl, title }: ShowOptions) {
  const standards = { policy: settings.scaling.byHand, norms: settings.queueNorms };
  return { title, address: redactRedisUrl(redisUrl), standards };
}
