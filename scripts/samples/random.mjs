// Seeded random numbers, so that every run makes the same pages.

/** A generator of its own for each page: changing one page leaves the others as they are. */
export function randomFor(name) {
  let state = 2166136261;
  for (const char of name) state = Math.imul(state ^ char.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state);
  };
}

/** The mixing step of mulberry32: spreads a counter's bits into a number in [0, 1). */
function mix(state) {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** Roughly normal, mean 0 and deviation 1 (the sum of four uniform ones is near enough). */
export const bell = (random) => (random() + random() + random() + random() - 2) * Math.sqrt(3);

/**
 * A smooth field of values in [0, 1] over the page: random values on a coarse grid, blended
 * between. For what varies slowly: toner, paper, light.
 */
export function clouds(width, height, cell, random) {
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const grid = Float32Array.from({ length: columns * rows }, () => random());
  const ease = (t) => t * t * (3 - 2 * t);
  return (x, y) => {
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    const across = ease(x / cell - column);
    const down = ease(y / cell - row);
    const at = row * columns + column;
    const top = grid[at] + (grid[at + 1] - grid[at]) * across;
    const bottom = grid[at + columns] + (grid[at + columns + 1] - grid[at + columns]) * across;
    return top + (bottom - top) * down;
  };
}
