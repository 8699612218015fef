/** What part of a picture has which colour: red, green and blue in four steps each. */
export type Histogram = Float64Array;

const STEPS = 4;
const SHIFT = 6;

export function histogramOf(rgb: Uint8Array): Histogram {
  const histogram = new Float64Array(STEPS ** 3);
  const part = 3 / rgb.length;
  for (let at = 0; at < rgb.length; at += 3) {
    const red = (rgb[at] ?? 0) >> SHIFT;
    const green = (rgb[at + 1] ?? 0) >> SHIFT;
    const blue = (rgb[at + 2] ?? 0) >> SHIFT;
    const bin = (red * STEPS + green) * STEPS + blue;
    histogram[bin] = (histogram[bin] ?? 0) + part;
  }
  return histogram;
}

export const meanHistogram = (histograms: readonly Histogram[]): Histogram =>
  Float64Array.from({ length: STEPS ** 3 }, (_, bin) => {
    const sum = histograms.reduce((total, histogram) => total + (histogram[bin] ?? 0), 0);
    return sum / histograms.length;
  });

/** From 0 (alike) to 2 (no colour in common). */
export const distance = (a: Histogram, b: Histogram): number =>
  a.reduce((sum, part, bin) => sum + Math.abs(part - (b[bin] ?? 0)), 0);
