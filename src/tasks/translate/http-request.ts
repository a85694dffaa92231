import { UnrecoverableError } from '../contract.js';

export interface HttpOptions {
  signal: AbortSignal;
  /** For each try. */
  timeoutSeconds: number;
  /** Tries while the server says that it is busy. */
  attempts: number;
  headers?: Record<string, string>;
  /** A key that must not be told when the server repeats it in an error. */
  secret: string | undefined;
}

/** A server that is busy without saying for how long is asked again after this, doubling. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const MAX_DETAIL = 160;

/**
 * Sends JSON (or nothing, as GET) and reads JSON. Waits and tries again when the server is busy
 * (429, 503), for as long as its Retry-After says.
 * @throws UnrecoverableError when the server refuses the request itself (another 4xx).
 * @throws Error when there is no answer in time, or none that is JSON.
 */
export async function requestJson(
  url: string,
  body: object | undefined,
  options: HttpOptions,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await send(url, body, options);
    if (response.ok) return await readJson(response, url, options);
    const busy = response.status === 429 || response.status === 503;
    if (!busy || attempt >= options.attempts) throw await refusal(response, url, attempt, options);
    await response.body?.cancel();
    await pause(pauseMs(response.headers.get('retry-after'), attempt, Date.now()), options.signal);
  }
}

async function send(
  url: string,
  body: object | undefined,
  { signal, timeoutSeconds, headers }: HttpOptions,
): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    return await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, limit]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const reason = limit.aborted ? lateness(timeoutSeconds) : causeOf(error);
    throw new Error(`${hostOf(url)}: ${reason}`, { cause: error });
  }
}

function lateness(timeoutSeconds: number): string {
  return `no answer within ${timeoutSeconds} s`;
}

/** Milliseconds until the next try: what Retry-After says (RFC 9110, 10.2.3), or doubling pauses. */
export function pauseMs(retryAfter: string | null, attempt: number, now: number): number {
  const seconds = Number(retryAfter);
  if (retryAfter !== null && Number.isFinite(seconds)) return clamp(seconds * 1000);
  const date = Date.parse(retryAfter ?? '');
  if (!Number.isNaN(date)) return clamp(date - now);
  return clamp(FIRST_PAUSE_MS * 2 ** (attempt - 1));
}

function clamp(milliseconds: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(0, milliseconds));
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** The limit of `send` holds until the last byte. */
async function readJson(
  response: Response,
  url: string,
  { signal, timeoutSeconds }: HttpOptions,
): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    signal.throwIfAborted();
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const reason = isLate ? lateness(timeoutSeconds) : 'expected JSON, got something else';
    throw new Error(`${hostOf(url)}: ${reason}`, { cause: error });
  }
}

async function refusal(
  response: Response,
  url: string,
  attempt: number,
  { secret }: HttpOptions,
): Promise<Error> {
  const text = await response.text().catch(() => '');
  const detail = secret ? detailOf(text).replaceAll(secret, '[key]') : detailOf(text);
  const times = attempt > 1 ? `, ${attempt} times` : '';
  const message = `${hostOf(url)} answered ${response.status}${times}${detail.slice(0, MAX_DETAIL)}`;
  const isFinal = response.status >= 400 && response.status < 500 && response.status !== 429;
  return isFinal ? new UnrecoverableError(message) : new Error(message);
}

/** What the server says for itself, as LibreTranslate ({error}) and OpenAI ({error: {message}}) do. */
function detailOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    const detail = typeof error === 'string' ? error : error?.message;
    return typeof detail === 'string' ? `: ${detail}` : '';
  } catch {
    return '';
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** Scheme, host and port alone: a path or a query might hold a key. */
export function hostOf(url: string): string {
  return new URL(url).origin;
}
