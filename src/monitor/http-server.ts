import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DswError, messageOf } from '../errors.js';
import { StartStop } from '../lifecycle.js';

/** Where to listen; without a host, on all interfaces. Port 0: any that is free. */
export interface ListenAddress {
  host?: string;
  port: number;
}

export interface HttpReply {
  status: number;
  contentType?: string;
  body: string;
}

/** Answers GET requests, each path by its own function. */
export class HttpServer extends StartStop {
  readonly #at: ListenAddress;
  readonly #routes: Readonly<Record<string, () => Promise<HttpReply> | HttpReply>>;
  readonly #server: Server;

  constructor(at: ListenAddress, routes: Record<string, () => Promise<HttpReply> | HttpReply>) {
    super();
    this.#at = at;
    this.#routes = routes;
    this.#server = createServer((request, response) => {
      void this.#answer(request.method ?? '', request.url ?? '', response);
    });
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#at.port;
  }

  /** @throws DswError `unavailable` when it can't listen there. */
  protected async onStart(): Promise<void> {
    this.#server.listen(this.#at);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw cannotListen(this.#at, error as NodeJS.ErrnoException);
    }
  }

  protected async onStop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(method: string, url: string, response: ServerResponse): Promise<void> {
    const route = this.#routes[url.split('?')[0] ?? ''];
    const paths = Object.keys(this.#routes).join(', ');
    let reply: HttpReply;
    if (!route) reply = { status: 404, body: `no such page; there are ${paths}\n` };
    else if (method !== 'GET' && method !== 'HEAD') reply = { status: 405, body: 'only GET\n' };
    else {
      try {
        reply = await route();
      } catch (error) {
        reply = {
          status: 500,
          body: `${messageOf(error)}\n`,
        };
      }
    }
    const contentType = reply.contentType ?? 'text/plain; charset=utf-8';
    response.writeHead(reply.status, { 'content-type': contentType, 'cache-control': 'no-store' });
    response.end(method === 'HEAD' ? undefined : reply.body);
  }
}

function cannotListen({ host, port }: ListenAddress, error: NodeJS.ErrnoException): DswError {
  const where = `${host ?? '*'}:${port}`;
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken: something else listens on ${where}`,
    EACCES: `port ${port} may not be opened by this user`,
    EADDRNOTAVAIL: `${host ?? ''} is no address of this machine`,
  };
  return new DswError(
    'unavailable',
    reasons[error.code ?? ''] ?? `can't listen on ${where}: ${error.message}`,
    {
      hint: 'Choose another --metrics-port; 0 takes one that is free.',
      cause: error,
    },
  );
}
