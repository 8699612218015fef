import { distance, histogramOf } from './histogram.js';
import type { Centroid } from './learn.js';
import type { Scene } from './scenes.js';
import type { SharpFrame } from './sharpen.js';

export interface Classified {
  readonly frame: number;
  readonly scene: Scene;
  readonly contrast: SharpFrame['contrast'];
}

/** The scene whose colours are nearest to those of the frame. */
export function classify({ number, rgb, contrast }: SharpFrame, centroids: readonly Centroid[]): Classified {
  const histogram = histogramOf(rgb);
  const distances = centroids.map(({ scene, histogram: centre }) => ({
    scene,
    distance: distance(histogram, centre),
  }));
  const nearest = distances.reduce((best, other) => (other.distance < best.distance ? other : best));
  return { frame: number, scene: nearest.scene, contrast };
}
