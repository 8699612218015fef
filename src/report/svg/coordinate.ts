/** A coordinate as short as a screen needs it: tenths of a pixel, never `-0` or an exponent. */
export const coordinate = (pixels: number): string => String(Math.round(pixels * 10) / 10 + 0);
