import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HttpRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** Parsed JSON, or undefined when there was no body. */
  body: unknown;
}

export interface HttpAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  /** Never answer. */
  silent?: boolean;
  /** Send the body's beginning and no more. */
  unfinished?: boolean;
}

export interface HttpServer {
  url: string;
  requests: HttpRequest[];
}

/** A local HTTP server that a test gives the answers of. It ends with the test. */
export async function startHttpServer(
  answer: (request: HttpRequest, nth: number) => HttpAnswer,
): Promise<HttpServer> {
  const requests: HttpRequest[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((text) => {
      const request: HttpRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      requests.push(request);
      const {
        status = 200,
        headers = {},
        body = {},
        silent,
        unfinished,
      } = answer(request, requests.length);
      if (silent) return;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      if (unfinished) return void response.write('{"translatedText": ["');
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
