/** Far outside of every picture. */
const FAR = 1e6;

/** A coordinate as short as a screen needs it: tenths of a pixel, never `-0` or an exponent. */
export const coordinate = (pixels: number): string =>
  String(Math.round(Math.max(-FAR, Math.min(FAR, pixels)) * 10) / 10 + 0);
