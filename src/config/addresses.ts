import * as z from 'zod';

/** fetch takes no address that holds a user and a password. */
export const HTTP_ADDRESS = 'an http:// or https:// address without user and password';

export const httpUrl = z.string().refine(isHttpAddress, HTTP_ADDRESS);

/** A server of Redis, and perhaps the number of a database on it. */
export const redisUrl = z
  .string()
  .refine((text) => /^rediss?:\/\//.test(text), {
    error: 'a redis:// or rediss:// address',
    abort: true,
  })
  .refine(isRedisAddress, 'redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE NUMBER]');

export function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username + password === '';
}

export function isRedisAddress(text: string): boolean {
  return URL.canParse(text) && /^\/?\d*$/.test(new URL(text).pathname);
}

/** A text that may be an address, or was meant as one, without the user and password in it. */
export function hideCredentials(text: string): string {
  return text.replace(/^("?)(\w+:\/\/)?(?:(?<=\/\/).*|[^:]*:.*)@/, '$1$2***@');
}
