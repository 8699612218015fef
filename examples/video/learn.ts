import { ffmpeg } from './ffmpeg.js';
import { framesOf } from './frames.js';
import { type Histogram, histogramOf, meanHistogram } from './histogram.js';
import { RATE, type Scene, type Size, sourceOf } from './scenes.js';
import { sharpen } from './sharpen.js';
import { LEARNT_SECONDS } from './shots.js';

/** What a scene looks like. */
export interface Centroid {
  readonly scene: Scene;
  readonly histogram: Histogram;
}

/** No shot begins with it. */
const SEED = 0;

/** The mean colours of a scene's first seconds, in plain light: nothing of that is in the clip. */
export async function learn(scene: Scene, size: Size, signal: AbortSignal): Promise<Centroid> {
  const frames = String(LEARNT_SECONDS * RATE);
  const source = `${sourceOf(scene, size, SEED)},format=yuv420p,gblur=sigma=1`;
  const output = ['-frames:v', frames, '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const pixels = await ffmpeg(['-f', 'lavfi', '-i', source, ...output], { signal });
  const histograms = framesOf(pixels, size, 0).map((frame) => histogramOf(sharpen(frame).rgb));
  return { scene, histogram: meanHistogram(histograms) };
}
