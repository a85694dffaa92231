// Draws a page's blocks in black on white, and collects the text it has drawn.
import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { blockDrawers } from './blocks.mjs';

const fontFiles = {
  serif: [
    import.meta.resolve('@fontsource/tinos/files/tinos-latin-400-normal.woff2'),
    import.meta.resolve('@fontsource/tinos/files/tinos-latin-700-normal.woff2'),
  ],
  sans: [
    import.meta.resolve('@fontsource/carlito/files/carlito-latin-400-normal.woff2'),
    import.meta.resolve('@fontsource/carlito/files/carlito-latin-700-normal.woff2'),
  ],
  mono: [
    import.meta.resolve('@fontsource/courier-prime/files/courier-prime-latin-400-normal.woff2'),
    import.meta.resolve('@fontsource/courier-prime/files/courier-prime-latin-700-normal.woff2'),
  ],
};

// The families get names of their own, so that no font of the system can stand in for one.
for (const [name, [regular, bold]] of Object.entries(fontFiles)) {
  GlobalFonts.registerFromPath(fileURLToPath(regular), `sample-${name}`);
  GlobalFonts.registerFromPath(fileURLToPath(bold), `sample-${name}-bold`);
}

/** Sizes and positions are in points (1/72 inch); the canvas scales them to the page's dpi. */
export function drawPage(page, random) {
  const [width, height] = page.size;
  const scale = page.dpi / 72;
  const canvas = createCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = 'black';
  context.scale(scale, scale);

  const margin = page.margin ?? 56;
  const pen = {
    context,
    random,
    font: page.font,
    size: page.fontSize,
    leading: page.leading ?? 1.4, // line height, in font sizes
    left: margin,
    right: width - margin,
    bottom: height - margin,
    y: margin,
    lines: [],
  };
  drawBlocks(pen, page.blocks);
  if (pen.y > height - margin / 2) throw new Error(`${page.name} runs off its page`);
  return { image: greyOf(canvas), text: `${pen.lines.join('\n').trim()}\n` };
}

function drawBlocks(pen, blocks) {
  for (const block of blocks) blockDrawers[block.kind](pen, block, drawBlocks);
}

function greyOf(canvas) {
  const { width, height } = canvas;
  const colours = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  // Only black on white is drawn, so one channel tells all.
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => colours[i * 4]);
  return { width, height, data };
}
