import { blank, CHANNELS, type Picture } from '../shared/picture.js';

/** The part of each old pixel in a new one, along one side. */
interface Weights {
  readonly first: number;
  readonly parts: readonly number[];
}

/** Every new pixel is the mean of what it covers; where it covers less than one, of the two that it lies between. */
function weights(from: number, to: number): Weights[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const middle = (index + 0.5) * scale;
    const first = Math.max(0, Math.floor(middle - reach / 2 - 0.5));
    const last = Math.min(from - 1, Math.ceil(middle + reach / 2 - 0.5));
    const parts: number[] = [];
    for (let pixel = first; pixel <= last; pixel++) {
      parts.push(
        scale > 1
          ? Math.max(0, Math.min(pixel + 1, middle + reach / 2) - Math.max(pixel, middle - reach / 2))
          : Math.max(0, 1 - Math.abs(pixel + 0.5 - middle)),
      );
    }
    const sum = parts.reduce((total, part) => total + part, 0);
    return { first, parts: parts.map((part) => part / sum) };
  });
}

export interface Resized {
  readonly picture: Picture;
  /** Products that were added up. */
  readonly operations: number;
}

/** The picture in another size: first its width, then its height. */
export function resize(source: Picture, width: number, height: number): Resized {
  const columns = weights(source.width, width);
  const rows = weights(source.height, height);
  let operations = 0;
  const half = new Float64Array(width * source.height * CHANNELS);
  for (let y = 0; y < source.height; y++) {
    for (const [x, { first, parts }] of columns.entries()) {
      const to = (y * width + x) * CHANNELS;
      for (const [step, part] of parts.entries()) {
        const from = (y * source.width + first + step) * CHANNELS;
        for (let channel = 0; channel < CHANNELS; channel++)
          half[to + channel] = (half[to + channel] ?? 0) + part * (source.data[from + channel] ?? 0);
      }
      operations += parts.length * CHANNELS;
    }
  }
  const picture = blank(width, height);
  const sum = new Float64Array(width * CHANNELS);
  for (const [y, { first, parts }] of rows.entries()) {
    sum.fill(0);
    for (const [step, part] of parts.entries()) {
      const from = (first + step) * width * CHANNELS;
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + part * (half[from + at] ?? 0);
    }
    operations += parts.length * sum.length;
    picture.data.set(sum, y * sum.length);
  }
  return { picture, operations };
}
