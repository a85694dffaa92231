/** A Redis URL fit for logs and screens: without user name, password and query. */
export function redactRedisUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return 'redis://(unreadable address)';
  }
}
