import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';

/** Stands between a worker and Redis, and breaks what a network breaks. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  #target: number;
  #swallow: (() => void) | undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  static async to(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Sends new connections elsewhere from now on: a failover. */
  redirect(port: number): void {
    this.#target = port;
    this.cut();
  }

  /** Cuts all connections. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  /**
   * Requests still reach Redis and are carried out, but no reply comes back, until `passReplies`.
   * Resolves when the first reply got lost.
   */
  async swallowReplies(): Promise<void> {
    await new Promise<void>((resolve) => (this.#swallow = resolve));
  }

  passReplies(): void {
    this.#swallow = undefined;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (this.#swallow) this.#swallow();
      else near.write(bytes);
    });
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}
