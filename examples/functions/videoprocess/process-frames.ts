import { blurred, edges, luminance } from '../imageprocess/filters.js';
import { testPicture } from '../shared/picture.js';

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

export interface Processed {
  readonly frames: number;
  /** Mean over all frames: brightness, part of pixels on edges, change from frame to frame. */
  readonly brightness: number;
  readonly edges: number;
  readonly motion: number;
  /** Pixels that were looked at. */
  readonly operations: number;
}

const RADIUS = 2;
/** Brightness must change by so much across a pixel. */
const STEEP = 100;

/** Frame by frame: made, grey, smoothed, its edges found, and compared with the one before. Two frames are held at a time. */
export function processFrames({ width, height, frames }: Scene, speed = 0.5): Processed {
  const pixels = width * height;
  let before: Float64Array | undefined;
  let [brightness, steep, motion] = [0, 0, 0];
  for (let frame = 0; frame < frames; frame++) {
    const grey = blurred(luminance(testPicture(width, height, frame * speed)), width, height, RADIUS);
    for (const value of grey) brightness += value;
    for (const value of edges(grey, width, height)) if (value > STEEP) steep++;
    if (before !== undefined)
      for (const [pixel, value] of grey.entries()) motion += Math.abs(value - (before[pixel] ?? 0));
    before = grey;
  }
  return {
    frames,
    brightness: brightness / pixels / frames,
    edges: steep / pixels / frames,
    motion: frames > 1 ? motion / pixels / (frames - 1) : 0,
    operations: pixels * frames,
  };
}
