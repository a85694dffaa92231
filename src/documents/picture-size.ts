/** How large a picture is, as its header says. */
export interface PictureSize {
  width: number;
  height: number;
  /** Bits that a decoder holds for each pixel: black and white, grey or palette, colour. */
  depth: 1 | 8 | 32;
}

/** @param samples for each pixel: one is grey, or a palette's number. */
export function depthOf(bitsPerSample: number, samples: number): PictureSize['depth'] {
  if (samples > 1) return 32;
  return bitsPerSample === 1 ? 1 : 8;
}
