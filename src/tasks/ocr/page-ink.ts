import type { Picture, TesseractApi, TesseractCore } from './tesseract-core.js';

/** Fewer pixels than this share (a millionth of a page is 2 × 1 pixels) are specks of dust. */
const INK_SHARE = 0.0002;
/** Ink differs so much from the paper's brightness, of 255: more than what shines through from behind. */
const INK_CONTRAST = 64;
/** Left out on each side: shadows at a scan's edge. */
const MARGIN_SHARE = 0.03;

/** Whether there is anything on the page that the engine holds: writing, a stamp, a picture. */
export function bearsInk(core: TesseractCore, api: TesseractApi): boolean {
  const shades = countShades(core, api.GetInputImage());
  const all = shades.reduce((sum, count) => sum + count, 0);
  const paper = shades.indexOf(Math.max(...shades));
  const ink = shades.reduce(
    (sum, count, shade) => (Math.abs(shade - paper) > INK_CONTRAST ? sum + count : sum),
    0,
  );
  return ink > all * INK_SHARE;
}

/** How many pixels there are of each brightness, 0–255, within the margins. */
function countShades(core: TesseractCore, picture: Picture): number[] {
  const [width, height, bits] = [picture.get_w(), picture.get_h(), picture.get_d()];
  const [data, rowWords, perWord] = [picture.get_data(), picture.get_wpl(), 32 / bits];
  const [left, top] = [width, height].map((side) => Math.floor(side * MARGIN_SHARE)) as [
    number,
    number,
  ];
  const shades = new Array<number>(256).fill(0);
  for (let y = top; y < height - top; y++) {
    const row = data + 4 * rowWords * y;
    for (let x = left; x < width - left; x++) {
      const word = core.getValue(row + 4 * Math.floor(x / perWord), 'i32');
      const shade = shadeOf(word, bits, x % perWord);
      shades[shade] = (shades[shade] ?? 0) + 1;
    }
  }
  return shades;
}

/** Brightness, 0–255, of the pixel at a place in a word; of a colour, that of its darkest part. */
function shadeOf(word: number, bits: number, place: number): number {
  if (bits === 1) return (word >>> (31 - place)) & 1 ? 0 : 255;
  if (bits === 8) return (word >>> (24 - 8 * place)) & 0xff;
  return Math.min(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff);
}
