import type { Logger } from '../log.js';
import { connectRedis, type Redis } from '../queues/connection.js';

export interface WorkerConnections {
  commands: Redis;
  /** For the waits that block. */
  blocking: Redis;
  /** Calls a listener whenever one of them is back after it was lost. */
  onBack(listener: () => void): void;
}

/**
 * Opens a worker's connections, however long Redis takes to answer, and logs their ups and downs.
 * @param signal aborted when the worker is to end before they are open.
 */
export async function openConnections(
  name: string,
  redisUrl: string,
  log: Logger,
  signal: AbortSignal,
): Promise<WorkerConnections> {
  let reachable = true;
  const onError = (error: Error): void => {
    if (reachable) log.warn(`Redis does not answer (${error.message}); retrying`);
    reachable = false;
  };
  const opening = new AbortController();
  const giveUp = (): void => opening.abort();
  signal.addEventListener('abort', giveUp);
  const open = (suffix: string): Promise<Redis> =>
    connectRedis(redisUrl, {
      name: `${name}${suffix}`,
      manner: 'patient',
      onError,
      signal: opening.signal,
    });
  const commands = await open('');
  const blocking = await open('-wait');
  // From now on it is the worker that ends them, when it has drained.
  signal.removeEventListener('abort', giveUp);
  return {
    commands,
    blocking,
    onBack(listener) {
      for (const connection of [commands, blocking]) {
        connection.on('ready', () => {
          if (!reachable) log.info('Redis is back');
          reachable = true;
          listener();
        });
      }
    },
  };
}
