import { Monitor } from '../monitor/monitor.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import { showScreen } from '../top/screen.js';

const REFRESH_SECONDS = 1;

export interface ShowOptions {
  redisUrl: string;
  prefix: string;
  title: string;
  /** Ends the view when it settles; without it, only the user does. */
  ended?: Promise<unknown>;
}

/** Shows the live screen of one system until the user quits. */
export async function showSystem({ redisUrl, prefix, title, ended }: ShowOptions): Promise<void> {
  const monitor = new Monitor({ redisUrl, prefix, everySeconds: REFRESH_SECONDS });
  await monitor.start();
  try {
    await showScreen(
      `${title}   ${redactRedisUrl(redisUrl)}`,
      (listener) => monitor.subscribe(listener),
      ended,
    );
  } finally {
    await monitor.stop();
  }
}
