/** Bytes of the header that is written: file header and BITMAPINFOHEADER. */
const HEADER_BYTES = 54;
const BI_BITFIELDS = 3;
const DEFAULT_MASKS: Record<number, number[]> = {
  16: [0x7c00, 0x03e0, 0x001f],
  32: [0xff0000, 0x00ff00, 0x0000ff],
};

/**
 * A BMP image as every decoder reads it: 24 bits a pixel, rows bottom up. Those of 16 and 32 bits,
 * and those with rows top down, are rewritten; all others are returned as they are. Microsoft,
 * Bitmap Storage. The image must have passed `inspectImage`.
 */
export function plainBmp(bytes: Buffer): Buffer {
  const [width, height] = [bytes.readInt32LE(18), bytes.readInt32LE(22)];
  const bits = bytes.readUInt16LE(28);
  const masks = bytes.readUInt32LE(30) === BI_BITFIELDS ? masksOf(bytes) : DEFAULT_MASKS[bits];
  if (!masks) return height < 0 ? flipped(bytes, width, -height, bits) : bytes;
  const pixelBytes = bits / 8;
  const rows = Math.abs(height);
  const [from, to] = [rowBytesOf(width, bits), rowBytesOf(width, 24)];
  const start = bytes.readUInt32LE(10);
  const plain = newImage(width, rows, to);
  const channels = masks.map(channelOf).reverse();
  for (let y = 0; y < rows; y++) {
    const row = start + from * (height < 0 ? rows - 1 - y : y);
    for (let x = 0; x < width; x++) {
      const pixel = bytes.readUIntLE(row + x * pixelBytes, pixelBytes);
      for (const [c, { shift, max }] of channels.entries())
        plain[HEADER_BYTES + to * y + 3 * x + c] = (((pixel >>> shift) & max) * 255) / max;
    }
  }
  return plain;
}

function masksOf(bytes: Buffer): number[] {
  return [54, 58, 62].map((at) => bytes.readUInt32LE(at));
}

function channelOf(mask: number): { shift: number; max: number } {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { shift, max: Math.max(1, mask >>> shift) };
}

function rowBytesOf(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

function newImage(width: number, height: number, rowBytes: number): Buffer {
  const image = Buffer.alloc(HEADER_BYTES + rowBytes * height);
  image.write('BM', 'latin1');
  image.writeUInt32LE(image.length, 2);
  image.writeUInt32LE(HEADER_BYTES, 10);
  image.writeUInt32LE(HEADER_BYTES - 14, 14);
  image.writeInt32LE(width, 18);
  image.writeInt32LE(height, 22);
  image.writeUInt16LE(1, 26);
  image.writeUInt16LE(24, 28);
  return image;
}

/** Turns the rows around; header and palette stay, but for the sign of the height. */
function flipped(bytes: Buffer, width: number, height: number, bits: number): Buffer {
  const image = Buffer.from(bytes);
  image.writeInt32LE(height, 22);
  const [start, rowBytes] = [bytes.readUInt32LE(10), rowBytesOf(width, bits)];
  for (let y = 0; y < height; y++)
    bytes.copy(
      image,
      start + rowBytes * y,
      start + rowBytes * (height - 1 - y),
      start + rowBytes * (height - y),
    );
  return image;
}
