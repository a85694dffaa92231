import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';
import { Random } from '../../src/planning/simulation/random.js';
import type { DocumentSlot } from './document-slot.js';
import { bmpOf, pdfOf, pngOf, scanOf, tiffOf, writePdf } from './pages.js';

/** A valid document to begin with. */
export interface Seedling {
  what: string;
  bytes: Buffer;
}

/** A page of at most 2 million pixels must be done in this, also on a busy machine, within this. */
const MAX_SECONDS = 120;
const MAX_MB = 400;
const WIDTH = 180;
const HEIGHT = 48;
const PNG_SIGNATURE_BYTES = 8;
/** Numbers that lengths, sizes and offsets are overwritten with. */
const NASTY = [0, 1, 2, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** A small page in every format and kind that dsw reads, and in some that it refuses. */
export async function seedlings(): Promise<Seedling[]> {
  const page = await small('Give 5 mg daily').png().toBuffer();
  const again = (): Sharp => sharp(page);
  const raw = await again().removeAlpha().raw().toBuffer();
  const grey = await again().toColourspace('b-w').raw().toBuffer();
  const files: Record<string, Buffer | Promise<Buffer>> = {
    'png grey': again().toColourspace('b-w').png().toBuffer(),
    'png colour, interlaced': again().png({ progressive: true }).toBuffer(),
    'png palette': again().png({ palette: true }).toBuffer(),
    'png 16 bit': again().toColourspace('rgb16').png().toBuffer(),
    'png of two greys': pngOf({ width: WIDTH, height: HEIGHT, bits: 1, colourType: 0 }),
    jpeg: again().jpeg().toBuffer(),
    'jpeg progressive': again().jpeg({ progressive: true }).toBuffer(),
    'jpeg cmyk': again().toColourspace('cmyk').jpeg().toBuffer(),
    webp: again().webp().toBuffer(),
    'webp lossless': again().webp({ lossless: true }).toBuffer(),
    'webp with alpha': again().ensureAlpha(0.9).webp().toBuffer(),
    ...Object.fromEntries(
      [24, 32, 16, 8].map((bits) => [
        `bmp ${bits} bit`,
        bmpOf(WIDTH, bits === 24 ? -HEIGHT : HEIGHT, bits, raw),
      ]),
    ),
    ...Object.fromEntries(
      (['none', 'lzw', 'deflate', 'packbits'] as const).map((compression) => [
        `tiff ${compression}`,
        again().tiff({ compression, predictor: 'none' }).toBuffer(),
      ]),
    ),
    'tiff predictor': again().tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
    'tiff ccitt': again()
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer(),
    'tiff of two pages': tiffOf([page, page]),
    'pdf with text and scan': pdfOf([{ text: ['Give 5 mg daily'] }, { scan: await scanOf(page) }]),
    'pdf with streams': packedPdf(grey),
  };
  return await Promise.all(
    Object.entries(files).map(async ([what, bytes]) => ({ what, bytes: await bytes })),
  );
}

/** A document that something happened to. Equal seeds and numbers give equal bytes. */
function mutated(seeds: readonly Seedling[], seed: number, number: number): Seedling {
  const random = new Random(seed, number);
  const { what, bytes } = pick(seeds, random);
  let changed = Buffer.from(bytes);
  const steps: string[] = [];
  for (let left = random.uniform() < 0.7 ? 1 : 3; left > 0; left--) {
    const [name, mutate] = pick(MUTATIONS, random);
    changed = mutate(changed, random, pick(seeds, random).bytes);
    steps.push(name);
  }
  // Else hardly any change gets past the checksums.
  if (random.uniform() < 0.8) mendPng(changed);
  return { what: `${what}: ${steps.join(', ')}`, bytes: changed };
}

/** What became of the documents so far. */
export interface Tally {
  read: number;
  refused: number;
  slowestMs: number;
  mostMb: number;
}

export function newTally(): Tally {
  return { read: 0, refused: 0, slowestMs: 0, mostMb: 0 };
}

/**
 * Has one mutated document read: whatever was done to it, it must give its text, or be refused for
 * good in one line, and leave the slot as it was.
 */
export async function torture(
  slot: DocumentSlot,
  seeds: readonly Seedling[],
  { seed, number, tally }: { seed: number; number: number; tally: Tally },
): Promise<void> {
  const { what, bytes } = mutated(seeds, seed, number);
  const told = `seed ${seed}, case ${number} (${what})`;
  const reply = await inTime(slot.ocr(bytes), told);
  await slot.forget();
  tally.slowestMs = Math.max(tally.slowestMs, reply.serviceMs);
  tally.mostMb = Math.max(tally.mostMb, slot.slot.memoryMb);
  if (reply.outcome === 'completed') tally.read += 1;
  else if (reply.outcome === 'split') throw new Error(told);
  else {
    tally.refused += 1;
    expect(reply, told).toMatchObject({ moreTries: 'none', spoiled: false });
    expect(reply.reason, told).toMatch(/^[^\n]{10,300}$/);
    expect(reply.reason, told).not.toMatch(/[\p{Cc}\p{Cf}]|RangeError|TypeError|undefined|NaN/u);
  }
  expect(slot.slot.broken, told).toBe(false);
  expect(slot.slot.memoryMb, told).toBeLessThan(MAX_MB);
}

async function inTime<T>(work: Promise<T>, told: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${told}: no answer in ${MAX_SECONDS} s`)),
      MAX_SECONDS * 1000,
    );
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Mutation = (bytes: Buffer<ArrayBuffer>, random: Random, other: Buffer) => Buffer<ArrayBuffer>;

const MUTATIONS: [name: string, Mutation][] = [
  [
    'bits flipped',
    (bytes, random) => {
      for (let left = 1 + below(3, random); left > 0 && bytes.length > 0; left--) {
        const at = somewhere(bytes, random);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random));
      }
      return bytes;
    },
  ],
  ['cut off', (bytes, random) => bytes.subarray(0, somewhere(bytes, random))],
  [
    'number replaced',
    (bytes, random) => {
      const number = pick(NASTY, random);
      const size = pick([1, 2, 4], random);
      const at = somewhere(bytes, random);
      if (at + size > bytes.length) return bytes;
      const value = number % 2 ** (8 * size);
      if (random.uniform() < 0.5) bytes.writeUIntLE(value, at, size);
      else bytes.writeUIntBE(value, at, size);
      return bytes;
    },
  ],
  [
    'digits replaced',
    (bytes, random) => {
      const runs = [...bytes.toString('latin1').matchAll(/\d+/g)];
      if (runs.length === 0) return bytes;
      const run = pick(runs, random);
      const number = String(pick([-1, ...NASTY, 99_999_999_999], random));
      const rest = bytes.subarray(run.index + run[0].length);
      return Buffer.concat([bytes.subarray(0, run.index), Buffer.from(number), rest]);
    },
  ],
  [
    'piece removed',
    (bytes, random) => {
      const at = somewhere(bytes, random);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(64, random))]);
    },
  ],
  [
    'piece of another put in',
    (bytes, random, other) => {
      const [at, from] = [somewhere(bytes, random), somewhere(other, random)];
      const piece = other.subarray(from, from + 1 + below(512, random));
      const rest = bytes.subarray(random.uniform() < 0.5 ? at : at + piece.length);
      return Buffer.concat([bytes.subarray(0, at), piece, rest]);
    },
  ],
  [
    'piece repeated',
    (bytes, random) => {
      const at = somewhere(bytes, random);
      const end = at + 1 + below(256, random);
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    },
  ],
];

/** Half of the time near the beginning, where a format says what is to come. */
function somewhere({ length }: Buffer, random: Random): number {
  return below(random.uniform() < 0.5 ? Math.min(length, 96) : length, random);
}

function below(limit: number, random: Random): number {
  return Math.floor(random.uniform() * limit);
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[below(all.length, random)]!;
}

/** Makes the checksums of a PNG's chunks right, as far as it still has chunks. */
function mendPng(bytes: Buffer): void {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return;
  for (let at = PNG_SIGNATURE_BYTES; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) return;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
}

function small(text: string): Sharp {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">` +
    `<rect width="100%" height="100%" fill="white"/>` +
    `<text x="8" y="32" font-size="22">${text}</text></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: 'white' });
}

/** A PDF with packed objects, a form inside a form and an image in it. */
function packedPdf(grey: Buffer): Buffer {
  const stream = (dictionary: string, bytes: Buffer): Buffer => {
    const packed = deflateSync(bytes);
    const head = `<< ${dictionary} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`;
    return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')]);
  };
  const form = '/Type /XObject /Subtype /Form /BBox [0 0 200 60]';
  return writePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 60] /Contents 4 0 R ' +
      '/Resources << /XObject << /F 5 0 R >> >> >>',
    stream('', Buffer.from('q /F Do Q')),
    stream(
      `${form} /Resources << /XObject << /I 6 0 R >> >>`,
      Buffer.from('180 0 0 48 9 6 cm /I Do'),
    ),
    stream(
      `/Type /XObject /Subtype /Image /Width ${WIDTH} /Height ${HEIGHT} ` +
        '/ColorSpace /DeviceGray /BitsPerComponent 8',
      grey,
    ),
  ]);
}
