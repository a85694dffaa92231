// What paper, scanners and cameras do to a page. Each step takes a grey image, its own setting and
// the page's random numbers, and gives a new image; a page's `wear` lists its steps in order.
import { bell, clouds } from './random.mjs';

const steps = {
  warp,
  blur,
  tone: (image, [black, white]) =>
    eachPixel(image, (grey) => black + (grey * (white - black)) / 255),
  noise: (image, amount, random) => eachPixel(image, (grey) => grey + amount * bell(random)),
  threshold: (image, level) => eachPixel(image, (grey) => (grey < level ? 0 : 255)),
  posterise: (image, levels) =>
    eachPixel(image, (grey) => (Math.round((grey / 255) * (levels - 1)) * 255) / (levels - 1)),
  fade,
  showThrough,
  speckle,
  streaks,
  crease,
  edgeShadow,
  light,
};

export function wearDown(image, wear, random) {
  return wear.reduce((worn, step) => {
    const [name, setting] = Object.entries(step)[0];
    return steps[name](worn, setting, random);
  }, image);
}

function eachPixel({ width, height, data }, change) {
  const changed = new Uint8ClampedArray(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) changed[i] = change(data[i], x, y);
  }
  return { width, height, data: changed };
}

/**
 * Lays the page down turned (degrees), tilted away from the camera (tiltX, tiltY), bulging (bend)
 * and from further off (zoom < 1). Around it shows what it lies on: a grey, with a grain of wood.
 */
function warp(image, setting, random) {
  const { degrees = 0, tiltX = 0, tiltY = 0, bend = 0, zoom = 1, around = 255, grain = 0 } = setting;
  const { width, height } = image;
  const wood = clouds(width, height, 9, random);
  const cos = Math.cos((degrees * Math.PI) / 180) / zoom;
  const sin = Math.sin((degrees * Math.PI) / 180) / zoom;
  return eachPixel(image, (_, px, py) => {
    const x = px - width / 2;
    const y = py - height / 2;
    const depth = 1 + (tiltX * x) / width + (tiltY * y) / height;
    const bulge = bend * height * Math.cos((Math.PI * x) / width);
    const fromX = (x * cos + y * sin) / depth;
    const fromY = (y * cos - x * sin) / depth + bulge;
    const table = around + grain * (wood(px, py * 0.06) - 0.5);
    return between(image, fromX + width / 2, fromY + height / 2, table);
  });
}

/** The grey between four pixels. */
function between({ width, height, data }, x, y, around) {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) return around;
  const at = top * width + left;
  const upper = data[at] + (data[at + 1] - data[at]) * (x - left);
  const lower = data[at + width] + (data[at + width + 1] - data[at + width]) * (x - left);
  return upper + (lower - upper) * (y - top);
}

function blur(image, radius) {
  const reach = Math.ceil(radius * 2.5);
  const weights = [];
  for (let d = -reach; d <= reach; d++) weights.push(Math.exp(-(d * d) / (2 * radius * radius)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (source, dx, dy) =>
    eachPixel(source, (_, x, y) => {
      let sum = 0;
      for (let d = -reach; d <= reach; d++) {
        const nearX = Math.min(Math.max(x + d * dx, 0), source.width - 1);
        const nearY = Math.min(Math.max(y + d * dy, 0), source.height - 1);
        sum += weights[d + reach] * source.data[nearY * source.width + nearX];
      }
      return sum / total;
    });
  return along(along(image, 1, 0), 0, 1);
}

/** Worn toner: ink goes grey in patches, and is uneven from dot to dot. */
function fade(image, amount, random) {
  const patches = clouds(image.width, image.height, 90, random);
  const grain = clouds(image.width, image.height, 2.5, random);
  return eachPixel(image, (grey, x, y) => {
    const lost = amount * (0.75 * patches(x, y) ** 2 + 0.25 * grain(x, y));
    return grey + (255 - grey) * lost;
  });
}

/** The print of the sheet's other side, mirrored and faint. */
function showThrough(image, amount) {
  const { width, data } = blur(image, 2.2);
  const shift = Math.round(image.height * 0.035);
  return eachPixel(image, (grey, x, y) => {
    const back = data[Math.max(y - shift, 0) * width + (width - 1 - x)];
    return grey - (255 - back) * amount;
  });
}

/** Dust and specks of toner; `perMegapixel` of them, one in three is white. */
function speckle(image, { perMegapixel, largest = 1.4 }, random) {
  const worn = eachPixel(image, (grey) => grey);
  const count = Math.round((image.data.length / 1e6) * perMegapixel);
  for (let i = 0; i < count; i++) {
    const x = random() * image.width;
    const y = random() * image.height;
    dot(worn, x, y, 0.5 + random() ** 3 * largest, i % 3 === 0 ? 255 : random() * 90);
  }
  return worn;
}

function dot({ width, height, data }, centreX, centreY, radius, grey) {
  for (let y = Math.floor(centreY - radius); y <= centreY + radius; y++) {
    for (let x = Math.floor(centreX - radius); x <= centreX + radius; x++) {
      const inside = Math.hypot(x - centreX, y - centreY) <= radius;
      if (inside && x >= 0 && y >= 0 && x < width && y < height) data[y * width + x] = grey;
    }
  }
}

/** Thin lines down the page, from dirt on a feeder's glass. */
function streaks(image, { count, depth }, random) {
  const lines = new Map();
  for (let i = 0; i < count; i++) {
    lines.set(Math.floor(random() * image.width), depth * (0.4 + 0.6 * random()));
  }
  return eachPixel(image, (grey, x) => grey - (lines.get(x) ?? 0));
}

/** A fold across the page at a share of its height: a light ridge, with shade below it. */
function crease(image, at, random) {
  const wave = clouds(image.width, 1, 60, random);
  return eachPixel(image, (grey, x, y) => {
    const below = y - image.height * at - 3 * wave(x, 0);
    if (Math.abs(below) < 1.2) return grey + 0.35 * (255 - grey);
    return below > 0 ? grey * (1 - 0.14 * Math.exp(-below / 14)) : grey;
  });
}

/** A copier's dark rim: `depth` at the left and top edge, gone after `reach` pixels. */
function edgeShadow(image, { depth, reach }, random) {
  const ragged = clouds(image.width, image.height, 350, random);
  return eachPixel(image, (grey, x, y) => {
    const edge = Math.min(x, y * 1.6) + 0.6 * reach * ragged(x, y);
    return grey * (1 - depth * Math.exp(-((edge / reach) ** 2)));
  });
}

/** A lamp at (x, y), shares of the page, whose light falls off; and a soft shadow's slanted edge. */
function light(image, { x: lampX, y: lampY, falloff, shadow = 0 }) {
  const { width, height } = image;
  return eachPixel(image, (grey, x, y) => {
    const distance = Math.hypot(x / width - lampX, y / height - lampY);
    const slant = (x / width + 0.5 * (y / height) - 1.05) / 0.09;
    return (grey * (1 - shadow / (1 + Math.exp(-slant)))) / (1 + falloff * distance ** 2);
  });
}
