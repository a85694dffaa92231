/** Layers of the ziggurat of e^(−x): x at their right edges, and heights of the curve there. */
const LAYERS = 256;
const TAIL_START = 7.69711747013104972;
const LAYER_AREA = 3.949659822581572e-3;
const edges = new Float64Array(LAYERS + 1);
const heights = new Float64Array(LAYERS + 1);
const insideBelow = new Uint32Array(LAYERS);
const stretch = new Float64Array(LAYERS);

edges[0] = LAYER_AREA / Math.exp(-TAIL_START);
edges[1] = TAIL_START;
for (let i = 2; i < LAYERS; i++) {
  const x = edges[i - 1] as number;
  edges[i] = -Math.log(LAYER_AREA / x + Math.exp(-x));
}
for (let i = 0; i <= LAYERS; i++) heights[i] = Math.exp(-(edges[i] as number));
for (let i = 0; i < LAYERS; i++) {
  stretch[i] = (edges[i] as number) / 2 ** 32;
  insideBelow[i] = ((edges[i + 1] as number) / (edges[i] as number)) * 2 ** 32;
}

/**
 * Random numbers from a seed: sfc32 (Doty-Humphrey, PractRand), with 128 bits of state. Equal seeds
 * give equal numbers on every machine.
 */
export class Random {
  #a = 0;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  /**
   * @param seed a whole number.
   * @param stream number of an independent sequence of the same seed.
   */
  constructor(seed: number, stream = 0) {
    this.#b = seed | 0;
    this.#c = stream | 0;
    this.#a = Math.floor(seed / 2 ** 32) | 0;
    for (let i = 0; i < 15; i++) this.#bits();
  }

  /** Uniform in (0, 1), in steps of 2⁻³². */
  uniform(): number {
    return (this.#bits() + 0.5) / 2 ** 32;
  }

  /** Exponential with mean 1, by the ziggurat (Marsaglia and Tsang 2000). */
  exponential(): number {
    for (let offset = 0; ;) {
      const bits = this.#bits();
      const layer = bits & (LAYERS - 1);
      const x = bits * (stretch[layer] as number);
      if (bits < (insideBelow[layer] as number)) return offset + x;
      if (layer === 0) offset += TAIL_START;
      else if (this.#underCurve(layer, x)) return offset + x;
    }
  }

  /** Normal with mean 0 and variance 1, by the polar method (Marsaglia 1962). */
  normal(): number {
    const spare = this.#spareNormal;
    this.#spareNormal = undefined;
    if (spare !== undefined) return spare;
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }

  #underCurve(layer: number, x: number): boolean {
    const low = heights[layer] as number;
    const high = heights[layer + 1] as number;
    return low + this.uniform() * (high - low) < Math.exp(-x);
  }

  #bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
