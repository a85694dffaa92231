import { describe, expect, it } from 'vitest';
import { decodePayload, encodePayload } from '../../src/queues/job-payload.js';

describe('job payload', () => {
  it('comes back as it was, with its version', () => {
    const text = JSON.stringify(encodePayload({ input: { documentId: 'd1' }, label: 'a.png' }));
    expect(decodePayload(text)).toEqual({
      version: 1,
      input: { documentId: 'd1' },
      label: 'a.png',
    });
  });

  it('of an older version is read by a newer dsw', () => {
    expect(decodePayload('{"version":0,"input":{"documentId":"d1"}}').input).toEqual({
      documentId: 'd1',
    });
  });

  it.each([
    ['{"version":2,"input":{}}', 'expected a payload of version 1 or older, got 2'],
    ['{"documentId":"d1"}', 'this job was not enqueued by dsw'],
    ['not json', 'this job was not enqueued by dsw'],
    ['null', 'this job was not enqueued by dsw'],
  ])('%s is refused for good', (text, message) => {
    expect(() => decodePayload(text)).toThrow(message);
  });
});
