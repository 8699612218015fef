/** Red, green, blue and opacity, a byte each, row by row from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export const CHANNELS = 4;

export const blank = (width: number, height: number): Picture => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height * CHANNELS),
});

/** A picture with edges, slopes and fine structure: rings over a slope of colours, with a grid. */
export function testPicture(width: number, height: number, phase = 0): Picture {
  const picture = blank(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += CHANNELS) {
      const ring = Math.sin(Math.hypot(x - width / 2, y - height / 2) / 6 - phase);
      const grid = x % 32 === 0 || y % 32 === 0 ? 60 : 0;
      picture.data[at] = (255 * x) / width - grid;
      picture.data[at + 1] = (255 * y) / height - grid;
      picture.data[at + 2] = 128 + 127 * ring;
      picture.data[at + 3] = 255;
    }
  }
  return picture;
}
