import type { Frame } from './frames.js';

/** A sharpened frame, and how much its pixels differed from their neighbours before and do now. */
export interface SharpFrame extends Frame {
  readonly contrast: { readonly before: number; readonly after: number };
}

export function sharpened(frame: Frame): SharpFrame {
  const sharp = sharpen(frame);
  return { ...sharp, contrast: { before: contrast(frame), after: contrast(sharp) } };
}

/**
 * Sharpens a frame: a convolution with (0 −1 0, −1 5 −1, 0 −1 0), which adds to each value what sets it apart from its
 * neighbours. Beyond the edge lies what lies at the edge.
 */
export function sharpen(frame: Frame): Frame {
  const { width, height, rgb } = frame;
  const row = width * 3;
  // Clamps to 0…255, as sharp edges overshoot.
  const sharp = new Uint8ClampedArray(rgb.length);
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -row : 0;
    const down = y < height - 1 ? row : 0;
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x >= 3 ? -3 : 0;
      const right = x < row - 3 ? 3 : 0;
      const neighbours =
        (rgb[at + up] ?? 0) + (rgb[at + down] ?? 0) + (rgb[at + left] ?? 0) + (rgb[at + right] ?? 0);
      sharp[at] = 5 * (rgb[at] ?? 0) - neighbours;
    }
  }
  return { ...frame, rgb: new Uint8Array(sharp.buffer) };
}

/** How much neighbours differ, from 0 to 255, in green, which eyes see best. */
function contrast({ width, height, rgb }: Frame): number {
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const at = (y * width + x) * 3 + 1;
      sum += Math.abs((rgb[at] ?? 0) - (rgb[at - 3] ?? 0));
    }
  }
  return sum / (height * (width - 1));
}
