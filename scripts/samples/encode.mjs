// Turns a grey image into a file of the page's format.
import sharp from 'sharp';

const encoders = {
  png: (image, page) => {
    const few = { palette: true, colours: page.greys ?? 16, dither: 0 };
    return picture(image, page).png({ ...few, effort: 10 }).toBuffer();
  },
  jpg: (image, page) => picture(image, page).jpeg({ quality: page.quality }).toBuffer(),
  webp: (image, page) => picture(image, page).webp({ quality: page.quality, effort: 6 }).toBuffer(),
  bmp: (image, page) => bitmap(image, page.dpi),
};

export const encode = (image, page) => encoders[page.format](image, page);

function picture({ width, height, data }, { dpi, tint }) {
  const channels = tint ? 3 : 1;
  const pixels = tint ? tinted(data, tint) : data;
  return sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(tint ? 'srgb' : 'b-w')
    .withDensity(dpi);
}

/** The image in the colour of a lamp's light. */
function tinted(data, colour) {
  const shade = (_, i) => (data[Math.floor(i / 3)] * colour[i % 3]) / 255;
  return Uint8ClampedArray.from({ length: data.length * 3 }, shade);
}

/** One bit per pixel, which sharp does not write: two headers, two colours, rows bottom up. */
function bitmap({ width, height, data }, dpi) {
  const headers = 62;
  const stride = Math.ceil(width / 32) * 4;
  const bytes = Buffer.alloc(headers + stride * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(headers, 10);
  bytes.writeUInt32LE(40, 14); // size of the second header
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26); // planes
  bytes.writeUInt16LE(1, 28); // bits per pixel
  bytes.writeUInt32LE(stride * height, 34);
  bytes.writeInt32LE(Math.round(dpi / 0.0254), 38); // pixels per metre, across and down
  bytes.writeInt32LE(Math.round(dpi / 0.0254), 42);
  bytes.writeUInt32LE(2, 46); // colours: black, then white
  bytes.writeUInt32LE(0xffffff, 58);
  for (let y = 0; y < height; y++) {
    const row = headers + (height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] >= 128) bytes[row + (x >> 3)] |= 0x80 >> (x & 7);
    }
  }
  return bytes;
}
