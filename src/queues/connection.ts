import { Redis } from 'ioredis';
import { DswError, messageOf } from '../errors.js';
import { redactRedisUrl } from './redis-address.js';

export type { Redis };

export interface ConnectionOptions {
  /** Shown by Redis in CLIENT LIST. */
  name: string;
  /**
   * `patient`: a service outlives an outage of Redis; its commands wait until Redis is back.
   * `brisk`: a command that a person waits for fails within seconds.
   * `watchful`: a view fails within seconds when Redis isn't there at first; later it outlives outages.
   */
  manner: 'patient' | 'brisk' | 'watchful';
  /** Told of every connection failure; without it they are silent. */
  onError?(error: Error): void;
  /** Ends the connection, also while it waits for its first answer. */
  signal?: AbortSignal;
  /** Ends the wait for its first answer alone: who stops may still have things to tell Redis. */
  waitSignal?: AbortSignal;
}

const MAX_RECONNECT_DELAY_MS = 1000;
const SILENCE_MS = 10_000;
const BRISK_CONNECT_TIMEOUT_MS = 3000;

/**
 * Connects to Redis.
 * @returns a connection that has answered once.
 * @throws DswError `unavailable` with the address (no password) when one that is not patient gets no answer.
 */
export async function connectRedis(url: string, options: ConnectionOptions): Promise<Redis> {
  const redis = new Redis(url, {
    ...mannerOptions(options.manner),
    connectionName: options.name,
    lazyConnect: true,
  });
  options.signal?.addEventListener('abort', () => redis.disconnect());
  let lastError: Error | undefined;
  // Without a listener, ioredis prints every failed attempt by itself.
  redis.on('error', (error: Error) => {
    lastError = error;
    options.onError?.(error);
  });
  const patient = options.manner === 'patient';
  const reached = redis.connect().then(
    () => redis.ping(),
    (error: unknown) => {
      // It keeps trying by itself, and answers when it got through.
      if (patient && !isRefusal(lastError ?? error)) return redis.ping();
      throw error;
    },
  );
  try {
    await Promise.race([reached, aborted(options.signal), aborted(options.waitSignal)]);
    // ioredis would go on in database 0.
    if (lastError?.message.includes(NO_DATABASE)) throw lastError;
  } catch (error) {
    redis.disconnect();
    throw unavailable(url, lastError ?? error);
  }
  return redis;
}

/** Ends a connection: what was sent is answered first, unless Redis is gone. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit().catch(() => undefined);
  redis.disconnect();
}

function mannerOptions(manner: ConnectionOptions['manner']) {
  if (manner !== 'brisk') {
    return {
      ...(manner === 'watchful' ? { connectTimeout: BRISK_CONNECT_TIMEOUT_MS } : {}),
      maxRetriesPerRequest: null,
      // No answer for so long means a dead peer: no wait of ours lasts longer.
      socketTimeout: SILENCE_MS,
      // Jitter keeps a fleet from reconnecting in step.
      retryStrategy: (attempt: number) =>
        Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 6)) *
        (0.5 + Math.random() / 2),
    };
  }
  return {
    connectTimeout: BRISK_CONNECT_TIMEOUT_MS,
    // BullMQ wants it so; the strategy below is what gives up.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => (attempt > 2 ? null : 200),
  };
}

/** Rejects when the signal is aborted; without one, never. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('nobody waits for it any more')));
  });
}

const NO_DATABASE = 'DB index is out of range';

/** Whether Redis answered, but not in a way that waiting could change: a wrong password. */
function isRefusal(error: unknown): boolean {
  const text = messageOf(error);
  return /WRONGPASS|NOAUTH|NOPERM|invalid password/.test(text) || text.includes(NO_DATABASE);
}

function unavailable(url: string, error: unknown): DswError {
  const reason = messageOf(error);
  if (isRefusal(error)) {
    const part = reason.includes(NO_DATABASE) ? 'database number' : 'user and password';
    return new DswError('unavailable', `Redis at ${redactRedisUrl(url)} refused: ${reason}`, {
      hint: `Look at the ${part} in its address: REDIS_URL, --redis or redisUrl in dsw.yaml.`,
      cause: error,
    });
  }
  return new DswError('unavailable', `no answer from Redis at ${redactRedisUrl(url)}: ${reason}`, {
    hint: 'Is it running? "dsw up" starts a private one; REDIS_URL or --redis names another.',
    cause: error,
  });
}
