/** Resolutions (dots per inch) at which pages may be drawn. */
export const MIN_DPI = 50;
export const MAX_DPI = 1200;
