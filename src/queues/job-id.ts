import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 11;

/** The job id that an idempotency key stands for: the same for everybody who uses the key. */
export function idOfKey(key: string): string {
  const bytes = createHash('sha256')
    .update(key)
    .digest()
    .subarray(0, TIME_DIGITS + RANDOM_DIGITS);
  return `j${[...bytes].map((byte) => ALPHABET[byte % 32]).join('')}`;
}

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

/** The job that a part belongs to, by the part's id; of any other job, its own id. */
export function wholeIdOf(id: string): string {
  return id.replace(/-\d+-\d{3,}$/, '');
}
