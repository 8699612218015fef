import { blank, CHANNELS, type Picture } from '../shared/picture.js';
import type { Resized } from './resize.js';

/** Rounding must not make the picture a pixel larger. */
const SLACK = 1e-9;

/** The picture turned clockwise, whole, on a ground that can be seen through. Each new pixel is taken between four old ones. */
export function rotate(source: Picture, degrees: number): Resized {
  const angle = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const { width: w, height: h } = source;
  const width = Math.ceil(Math.abs(w * cosine) + Math.abs(h * sine) - SLACK);
  const height = Math.ceil(Math.abs(w * sine) + Math.abs(h * cosine) - SLACK);
  const picture = blank(width, height);
  let operations = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += CHANNELS) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const sourceX = cosine * dx + sine * dy + w / 2 - 0.5;
      const sourceY = -sine * dx + cosine * dy + h / 2 - 0.5;
      if (sourceX < -0.5 || sourceY < -0.5 || sourceX > w - 0.5 || sourceY > h - 0.5) continue;
      blend(source, sourceX, sourceY, picture.data, at);
      operations += 4 * CHANNELS;
    }
  }
  return { picture, operations };
}

function blend(
  { width, height, data }: Picture,
  x: number,
  y: number,
  to: Uint8ClampedArray,
  at: number,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [x - left, y - top];
  const [x0, x1] = [Math.max(0, left), Math.min(width - 1, left + 1)];
  const [y0, y1] = [Math.max(0, top) * width, Math.min(height - 1, top + 1) * width];
  for (let channel = 0; channel < CHANNELS; channel++) {
    const pixel = (place: number): number => data[place * CHANNELS + channel] ?? 0;
    const above = (1 - right) * pixel(y0 + x0) + right * pixel(y0 + x1);
    const below = (1 - right) * pixel(y1 + x0) + right * pixel(y1 + x1);
    to[at + channel] = (1 - bottom) * above + bottom * below;
  }
}
