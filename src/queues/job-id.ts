import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 11;

/**
 * A new id, unique over all queues and sortable by time. The leading letter keeps BullMQ from
 * taking it for one of its own numbers, which it refuses.
 */
export function newId(kind: 'j' | 'd', now: number = Date.now()): string {
  let time = '';
  let rest = now;
  for (let i = 0; i < TIME_DIGITS; i++) {
    time = (ALPHABET[rest % 32] ?? '') + time;
    rest = Math.floor(rest / 32);
  }
  const random = [...randomBytes(RANDOM_DIGITS)].map((byte) => ALPHABET[byte % 32]).join('');
  return kind + time + random;
}
