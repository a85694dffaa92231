import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message that is older than this may be a recording. */
const TOLERANCE_SECONDS = 300;

/** The headers of a webhook, as the Standard Webhooks specification 1.0 has them. */
export interface WebhookHeaders {
  /** The same for each try of one message. */
  'webhook-id': string;
  /** When this try was made, in seconds since the epoch. */
  'webhook-timestamp': string;
  /** `v1,` and the HMAC-SHA256 of id, time and body in base64. */
  'webhook-signature': string;
}

/** Signs one try. @param now milliseconds since the epoch. */
export function signWebhook(id: string, body: string, secret: string, now: number): WebhookHeaders {
  const timestamp = String(Math.floor(now / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(id, timestamp, body, secret),
  };
}

/**
 * Whether a webhook comes from who knows the secret, and was sent in the last five minutes.
 * @param body as it came, byte for byte.
 * @param headers of the request, names in lower case.
 * @param now milliseconds since the epoch.
 */
export function verifyWebhook(
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secret: string,
  now: number = Date.now(),
): boolean {
  const [id, timestamp, given] = (
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'] satisfies (keyof WebhookHeaders)[]
  ).map((name) => String(headers[name] ?? ''));
  const ageSeconds = Math.abs(now / 1000 - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) return false;
  const expected = Buffer.from(signatureOf(id ?? '', timestamp ?? '', body, secret));
  // While a secret is being changed there may be several.
  return (given ?? '').split(' ').some((one) => {
    const signature = Buffer.from(one);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

function signatureOf(id: string, timestamp: string, body: string, secret: string): string {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
  return `v1,${hmac.digest('base64')}`;
}

/** `whsec_` and base64, as the specification has it; any other text is taken as it is. */
function keyOf(secret: string): Buffer {
  const [, encoded] = /^whsec_(.+)$/.exec(secret) ?? [];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
}
