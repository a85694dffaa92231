import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pauseMs } from '../../../src/tasks/translate/http-request.js';
import { LibreTranslate } from '../../../src/tasks/translate/libretranslate.js';
import { OpenAiChat } from '../../../src/tasks/translate/openai-chat.js';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../support/http-server.js';

const { signal } = new AbortController();
const direction = { from: 'en', to: 'es' };
const upper = (texts: readonly string[]): string[] => texts.map((text) => text.toUpperCase());

// The documented shapes, enforced: what is not as documented is answered as the real servers do.

const libreRequest = z.strictObject({
  q: z.union([z.string(), z.array(z.string())]),
  source: z.enum(['en', 'auto']),
  target: z.enum(['es', 'fr']),
  format: z.enum(['text', 'html']),
  api_key: z.string().optional(),
});

function libreAnswer(request: HttpRequest): HttpAnswer {
  if (request.method === 'GET' && request.path === '/languages')
    return { body: [{ code: 'en', name: 'English', targets: ['en', 'es', 'fr'] }] };
  if (request.method === 'GET' && request.path === '/spec')
    return { body: { swagger: '2.0', info: { version: '1.6.5' } } };
  const body = libreRequest.safeParse(request.body);
  if (request.path !== '/translate' || request.method !== 'POST' || !body.success)
    return { status: 400, body: { error: 'Invalid request: missing q parameter' } };
  const { api_key: key } = body.data;
  if (key !== 'sesame') return { status: 403, body: { error: `Invalid API key: ${key}` } };
  const { q } = body.data;
  return { body: { translatedText: Array.isArray(q) ? upper(q) : q.toUpperCase() } };
}

const chatRequest = z.strictObject({
  model: z.literal('tiny'),
  temperature: z.number().min(0).max(2),
  stream: z.literal(false),
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string() }),
    z.strictObject({ role: z.literal('user'), content: z.string() }),
  ]),
});

function chatAnswer(request: HttpRequest, reply: (text: string) => string): HttpAnswer {
  const { authorization } = request.headers;
  if (authorization !== 'Bearer sesame')
    return { status: 401, body: { error: { message: `Incorrect API key: ${authorization}` } } };
  if (request.path === '/v1/models') return { body: { object: 'list', data: [{ id: 'tiny' }] } };
  const body = chatRequest.safeParse(request.body);
  if (request.path !== '/v1/chat/completions' || !body.success)
    return { status: 404, body: { error: { message: 'model not found' } } };
  const content = reply(body.data.messages[1].content);
  const message = { role: 'assistant', content };
  return {
    body: { object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] },
  };
}

const libre = (url: string, apiKey = 'sesame', values: object = {}) =>
  new LibreTranslate({ url, apiKey, timeoutSeconds: 10, attempts: 3, ...values });
const chat = (url: string, apiKey = 'sesame') =>
  new OpenAiChat({ url: `${url}/v1/`, model: 'tiny', apiKey, timeoutSeconds: 10, attempts: 3 });

describe('a LibreTranslate server', () => {
  it('is sent texts in packs, as documented, and answers in order', async () => {
    const server = await startHttpServer(libreAnswer);
    const texts = Array.from({ length: 9 }, (_, i) => `paragraph ${i} `.repeat(60).trim());
    const translated = await libre(server.url).translate(texts, direction, { signal });
    expect(translated).toEqual(upper(texts));
    const sent = server.requests.filter(({ path }) => path === '/translate');
    expect(sent.length).toBe(2);
  });

  it('is described by what it says of itself', async () => {
    const server = await startHttpServer(libreAnswer);
    expect(await libre(server.url).describe(signal)).toMatchObject({
      where: server.url,
      version: '1.6.5',
      directions: ['en>es', 'en>fr'],
      problem: undefined,
    });
  });

  it('refuses a wrong key, or a language it lacks, for good', async () => {
    const server = await startHttpServer(libreAnswer);
    const wrongKey = libre(server.url, 'wrong').translate(['a'], direction, { signal });
    await expect(wrongKey).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: `${server.url} answered 403: Invalid API key: [key]`,
    });
    const noGerman = libre(server.url).translate(['a'], { from: 'en', to: 'de' }, { signal });
    await expect(noGerman).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: `${server.url} can't translate en into de`,
    });
  });
});

describe('a busy server', () => {
  it('is asked again after what Retry-After says, and given up after so many tries', async () => {
    let busy = 2;
    const server = await startHttpServer((request) =>
      request.path === '/translate' && busy-- > 0
        ? { status: busy % 2 ? 429 : 503, headers: { 'retry-after': '0' }, body: {} }
        : libreAnswer(request),
    );
    expect(await libre(server.url).translate(['a'], direction, { signal })).toEqual(['A']);
    busy = 3;
    await expect(libre(server.url).translate(['a'], direction, { signal })).rejects.toMatchObject({
      name: 'Error',
      message: expect.stringMatching(/ answered (?:429|503), 3 times$/) as string,
    });
    const tries = server.requests.filter(({ path }) => path === '/translate').length;
    expect(tries).toBe(3 + 3);
  });

  it.each([
    ['2', 1, 2000],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 1, 4000],
    ['86400', 1, 60_000],
    [null, 1, 500],
    [null, 3, 2000],
    ['soon', 2, 1000],
  ])('that says Retry-After %s is left alone, at try %i, for %i ms', (header, attempt, ms) => {
    expect(pauseMs(header, attempt, 1000)).toBe(ms);
  });

  it('that says nothing at all is left after the time-out, and at once on abort', async () => {
    const server = await startHttpServer(({ path }) =>
      path === '/languages'
        ? libreAnswer({ method: 'GET', path, headers: {}, body: undefined })
        : { silent: true },
    );
    const slow = libre(server.url, 'sesame', { timeoutSeconds: 0.2 });
    await expect(slow.translate(['a'], direction, { signal })).rejects.toThrow(
      'no answer within 0.2 s',
    );
    const controller = new AbortController();
    const aborted = libre(server.url).translate(['a'], direction, { signal: controller.signal });
    controller.abort(new Error('make way'));
    await expect(aborted).rejects.toThrow('make way');
  });
});

describe('an answer that is cut off', () => {
  it.each([
    [{ unfinished: true }, 'no answer within 1 s'],
    [{ body: '{"translatedText": ["' }, 'expected JSON, got something else'],
    [{ body: { translatedText: [] } }, 'expected 1 translated texts, got something else'],
  ])('is no answer: %j', async (answer, message) => {
    const server = await startHttpServer((request) =>
      request.path === '/translate' ? answer : libreAnswer(request),
    );
    const slow = libre(server.url, 'sesame', { timeoutSeconds: 1 });
    await expect(slow.translate(['a'], direction, { signal })).rejects.toThrow(message);
  });
});

describe('a chat server', () => {
  it('gets paragraphs as documented, and rules that keep numbers, units and names', async () => {
    const server = await startHttpServer((request) =>
      chatAnswer(request, (text) => text.toUpperCase()),
    );
    const translated = await chat(server.url).translate(['one', 'two'], direction, {
      signal,
      keep: ['5 mg'],
    });
    expect(translated).toEqual(['ONE', 'TWO']);
    expect(server.requests).toHaveLength(1);
    const { messages } = server.requests[0]?.body as { messages: { content: string }[] };
    expect(messages[0]?.content).toMatch(/from English into Spanish[^]*number, unit[^]*: 5 mg\./);
  });

  it('that merges paragraphs gets them one by one', async () => {
    const server = await startHttpServer((request) =>
      chatAnswer(request, (text) => text.toUpperCase().replaceAll('\n\n', ' ')),
    );
    expect(await chat(server.url).translate(['one', 'two'], direction, { signal })).toEqual([
      'ONE',
      'TWO',
    ]);
    expect(server.requests).toHaveLength(3);
  });

  it('says in its description which model is missing, and a wrong key is final', async () => {
    const server = await startHttpServer((request) => chatAnswer(request, (text) => text));
    expect((await chat(server.url).describe(signal)).problem).toBeUndefined();
    const other = new OpenAiChat({
      url: `${server.url}/v1`,
      model: 'huge',
      apiKey: 'sesame',
      timeoutSeconds: 5,
      attempts: 1,
    });
    expect((await other.describe(signal)).problem).toBe('it has no model "huge", only: tiny');
    await expect(
      chat(server.url, 'no').translate(['a'], direction, { signal }),
    ).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: `${server.url} answered 401: Incorrect API key: Bearer [key]`,
    });
  });
});
