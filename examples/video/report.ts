import type { Classified } from './classify.js';
import { SCENES, type Scene } from './scenes.js';

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

const mean = (values: readonly number[]): number =>
  rounded(values.reduce((sum, value) => sum + value, 0) / values.length);

/** How many frames of a scene there are, and what they were taken for. */
function ofScene(scene: Scene, classified: readonly Classified[], truth: readonly Scene[]) {
  const found = classified.filter(({ frame }) => truth[frame] === scene);
  const takenFor = SCENES.map((other) => [other, found.filter((one) => one.scene === other).length] as const);
  return { scene, frames: found.length, takenFor: Object.fromEntries(takenFor.filter(([, n]) => n > 0)) };
}

/** The classification, held against what was filmed. */
export function reportOf(classified: readonly Classified[], truth: readonly Scene[]) {
  const right = classified.filter(({ frame, scene }) => truth[frame] === scene).length;
  return {
    frames: classified.length,
    contrast: {
      before: mean(classified.map(({ contrast }) => contrast.before)),
      after: mean(classified.map(({ contrast }) => contrast.after)),
    },
    accuracy: rounded(right / classified.length),
    scenes: SCENES.map((scene) => ofScene(scene, classified, truth)).filter(({ frames }) => frames > 0),
  };
}
