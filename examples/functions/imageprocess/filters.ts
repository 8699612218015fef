import { blank, CHANNELS, type Picture } from '../shared/picture.js';

const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** How bright each pixel looks: 0 to 255. */
export function luminance({ data, width, height }: Picture): Float64Array {
  const grey = new Float64Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += CHANNELS)
    grey[pixel] = RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);
  return grey;
}

/** A picture of one brightness for each pixel. */
export function greyPicture(grey: Float64Array, width: number, height: number): Picture {
  const picture = blank(width, height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += CHANNELS) {
    picture.data.fill(grey[pixel] ?? 0, at, at + CHANNELS - 1);
    picture.data[at + CHANNELS - 1] = 255;
  }
  return picture;
}

/** Left and right exchanged. */
export function mirrored({ width, height, data }: Picture): Picture {
  const picture = blank(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * CHANNELS;
      picture.data.set(data.subarray(from, from + CHANNELS), (y * width + width - 1 - x) * CHANNELS);
    }
  }
  return picture;
}

/** The parts of a bell curve over so many neighbours to each side; they add up to one. */
export function bellCurve(radius: number): Float64Array {
  const spread = Math.max(radius / 2, 0.5);
  const parts = Float64Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-(((at - radius) / spread) ** 2) / 2),
  );
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/** Every value becomes the mean of its neighbourhood, weighed by a bell curve; beyond the edge the edge goes on. */
export function blurred(values: Float64Array, width: number, height: number, radius: number): Float64Array {
  const curve = bellCurve(radius);
  const along = (
    from: Float64Array,
    step: number,
    length: number,
    lines: number,
    jump: number,
  ): Float64Array => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < length; at++) {
        let sum = 0;
        for (let offset = -radius; offset <= radius; offset++) {
          const place = Math.min(length - 1, Math.max(0, at + offset));
          sum += (curve[offset + radius] ?? 0) * (from[line * jump + place * step] ?? 0);
        }
        to[line * jump + at * step] = sum;
      }
    }
    return to;
  };
  return along(along(values, 1, width, height, width), width, height, width, 1);
}

/** How steeply brightness changes (Sobel). The border has no neighbours on all sides and is 0. */
export function edges(grey: Float64Array, width: number, height: number): Float64Array {
  const found = new Float64Array(grey.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = (dx: number, dy: number): number => grey[(y + dy) * width + x + dx] ?? 0;
      const across = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
      const down = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
      found[y * width + x] = Math.hypot(across, down);
    }
  }
  return found;
}
