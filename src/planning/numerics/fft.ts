/**
 * Discrete Fourier transform in place, of a length that is a power of two:
 * X_k = Σ x_n·e^(∓2πi·nk/N), minus for `forward`, plus and divided by N for `inverse`
 * (Cooley and Tukey 1965).
 */
export function fft(re: Float64Array, im: Float64Array, direction: 'forward' | 'inverse'): void {
  const size = re.length;
  reverseBits(re, im);
  for (let span = 2; span <= size; span *= 2) butterflies(re, im, span, direction);
  if (direction === 'forward') return;
  for (let i = 0; i < size; i++) {
    re[i] = (re[i] as number) / size;
    im[i] = (im[i] as number) / size;
  }
}

function butterflies(
  re: Float64Array,
  im: Float64Array,
  span: number,
  direction: 'forward' | 'inverse',
): void {
  const half = span / 2;
  const turn = ((direction === 'forward' ? -1 : 1) * 2 * Math.PI) / span;
  for (let k = 0; k < half; k++) {
    const cos = Math.cos(turn * k);
    const sin = Math.sin(turn * k);
    for (let a = k; a < re.length; a += span) {
      const b = a + half;
      const x = re[b] as number;
      const y = im[b] as number;
      const rotatedX = x * cos - y * sin;
      const rotatedY = x * sin + y * cos;
      re[b] = (re[a] as number) - rotatedX;
      im[b] = (im[a] as number) - rotatedY;
      re[a] = (re[a] as number) + rotatedX;
      im[a] = (im[a] as number) + rotatedY;
    }
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  for (let i = 1, j = 0; i < re.length; i++) {
    let bit = re.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(re, i, j);
      swap(im, i, j);
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i] as number;
  values[i] = values[j] as number;
  values[j] = kept;
}
