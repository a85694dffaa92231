import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** Bytes of a sample document that ships with dsw. */
export function sampleBytes(name: string): Buffer {
  return readFileSync(join(packageRoot(), 'samples', name));
}

/** What a sample says, as written by the script that drew it. */
export function sampleTruth(name: string): string {
  return sampleBytes(name.replace(/\.\w+$/, '.txt')).toString('utf8');
}

/** Character edits that turn `read` into `truth`, as a share of its length; white space is one space. */
export function characterErrorRate(read: string, truth: string): number {
  const [a, b] = [read, truth].map((text) => text.trim().replaceAll(/\s+/g, ' ')) as [
    string,
    string,
  ];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[b.length]! / b.length;
}
