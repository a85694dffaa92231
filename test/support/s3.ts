import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll } from 'vitest';
import type { S3Environment } from '../../src/config/environment.js';

export interface TestS3 {
  /** A place of its own in the bucket, as a store URL. */
  url(): string;
  environment(): S3Environment;
  /** What each write so far asked for. */
  writes: { encryption: unknown; key: unknown }[];
}

const BUCKET = 'documents';

/** A local server that speaks S3, and checks signatures, for the tests of one file. */
export function useS3(): TestS3 {
  const directory = mkdtempSync(join(tmpdir(), 'dsw-s3-'));
  const writes: TestS3['writes'] = [];
  let server: Server;
  beforeAll(async () => {
    const s3 = new S3rver({ directory, silent: true, configureBuckets: [{ name: BUCKET }] });
    await s3.configureBuckets();
    const answer = s3.callback();
    server = createServer((request, response) => {
      if (request.method === 'PUT') {
        const encryption = request.headers['x-amz-server-side-encryption'];
        const key = request.headers['x-amz-server-side-encryption-aws-kms-key-id'];
        writes.push({ encryption, key });
      }
      void answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    writes,
    url: () => `s3://${BUCKET}/${randomBytes(4).toString('hex')}`,
    environment: () => ({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      // The server knows this pair and no other.
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      sessionToken: undefined,
    }),
  };
}
