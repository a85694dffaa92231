import * as z from 'zod';
import { isRedisAddress } from './addresses.js';
import { strictObject } from './strict-object.js';

/** How a document store is named. */
export const storeUrl = z
  .string()
  .refine(
    (text) =>
      /^(file:.|redis:$|s3:\/\/.)/.test(text) ||
      (/^rediss?:\/\/./.test(text) && isRedisAddress(text)),
    'file:FOLDER, redis:, redis://HOST:PORT or s3://BUCKET/PREFIX',
  );

/** What goes for one kind of document store only. */
export const storeSettings = strictObject({
  redis: strictObject({
    /** A single object, and all objects together, may be this large: Redis holds them in memory. */
    maxObjectMb: z.number().positive().max(512).default(32),
    maxTotalMb: z.number().positive().default(1024),
    /** A document nobody has written to for so long is gone, whether a cleanup runs or not. */
    expireHours: z
      .number()
      .positive()
      .default(24 * 30),
  }).prefault({}),
  s3: strictObject({
    /** Server-side encryption that every write asks for. */
    encryption: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']).default('AES256'),
    /** Key for aws:kms; without it the account's own. */
    kmsKeyId: z.string().min(1).optional(),
  }).prefault({}),
});

export type StoreSettings = z.infer<typeof storeSettings>;
