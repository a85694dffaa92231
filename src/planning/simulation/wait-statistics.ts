/** Bins to a doubling of the wait: a quantile read between their bounds is off by less than 0.1 %. */
const BINS_PER_DOUBLING = 128;
const SMALLEST_EXPONENT = -24;
const DOUBLINGS = 64;
const LAST_BIN = DOUBLINGS * BINS_PER_DOUBLING - 1;
/** High word of a number: sign, exponent, 20 bits of the fraction. */
const FIRST_BIN = (SMALLEST_EXPONENT + 1023) * BINS_PER_DOUBLING;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Collects waits: count, mean, and quantiles from 2⁻²⁴ to 2⁴⁰ times a unit. */
export class WaitStatistics {
  readonly #perSecond: number;
  #count = 0;
  #waited = 0;
  #sum = 0;
  readonly #bins = new Float64Array(LAST_BIN + 1);

  /** @param unitSeconds a length that the waits are not many orders of magnitude away from. */
  constructor(unitSeconds: number) {
    this.#perSecond = 1 / unitSeconds;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Share that waited at all. */
  get pWait(): number {
    return this.#count === 0 ? 0 : this.#waited / this.#count;
  }

  add(wait: number): void {
    this.#count += 1;
    if (wait <= 0) return;
    this.#waited += 1;
    this.#sum += wait;
    number[0] = wait * this.#perSecond;
    const bin = ((words[HIGH_WORD] as number) >>> 13) - FIRST_BIN;
    const place = bin < 0 ? 0 : bin > LAST_BIN ? LAST_BIN : bin;
    this.#bins[place] = (this.#bins[place] as number) + 1;
  }

  /** Of the jobs of both; or of this one's without the other's. The unit is the same. */
  plus(other: WaitStatistics, sign: 1 | -1 = 1): WaitStatistics {
    const sum = new WaitStatistics(1 / this.#perSecond);
    sum.#count = this.#count + sign * other.#count;
    sum.#waited = this.#waited + sign * other.#waited;
    sum.#sum = Math.max(0, this.#sum + sign * other.#sum);
    for (let bin = 0; bin <= LAST_BIN; bin++)
      sum.#bins[bin] = (this.#bins[bin] as number) + sign * (other.#bins[bin] as number);
    return sum;
  }

  /** Seconds that a share p of the jobs did not wait longer than. */
  quantile(p: number): number {
    let rank = p * this.#count - (this.#count - this.#waited);
    if (rank <= 0) return 0;
    for (let bin = 0; bin <= LAST_BIN; bin++) {
      const inBin = this.#bins[bin] as number;
      if (rank <= inBin)
        return (lowerBound(bin) * (1 + (rank / inBin) * relativeWidth(bin))) / this.#perSecond;
      rank -= inBin;
    }
    return lowerBound(LAST_BIN) / this.#perSecond;
  }
}

function lowerBound(bin: number): number {
  const doubling = Math.floor(bin / BINS_PER_DOUBLING);
  const part = bin % BINS_PER_DOUBLING;
  return 2 ** (SMALLEST_EXPONENT + doubling) * (1 + part / BINS_PER_DOUBLING);
}

function relativeWidth(bin: number): number {
  return 1 / (BINS_PER_DOUBLING + (bin % BINS_PER_DOUBLING));
}
