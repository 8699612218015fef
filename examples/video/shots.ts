import { seededRandom } from 'wattloop/maths';
import { RATE, SCENES, type Scene } from './scenes.js';

/** A whole number from `least` to `most`. */
type Draw = (least: number, most: number) => number;

/** A scene for a while, in the light of the day. */
export interface Shot {
  readonly scene: Scene;
  readonly seed: number;
  /** Where in the scene it begins. */
  readonly startSeconds: number;
  readonly frames: number;
  readonly brightnessPercent: number;
  readonly saturationPercent: number;
  readonly hueDegrees: number;
}

/** The first seconds of a scene are for learning what it looks like: shots begin later. */
export const LEARNT_SECONDS = 2;

export interface ClipOptions {
  readonly seconds: number;
  readonly seed: number;
  /** How much the light may change from shot to shot, from 0: brightness, saturation and hue. */
  readonly light: number;
}

/** The shots of a clip: the same for the same seed. They are also the truth against which the classification is held. */
export function shotsOf({ seconds, seed, light }: ClipOptions): Shot[] {
  const random = seededRandom(seed);
  const draw: Draw = (least, most) => least + random.below(most - least + 1);
  const shots: Shot[] = [];
  let left = Math.round(seconds * RATE);
  while (left > 0) {
    const frames = Math.min(left, draw(RATE, 3 * RATE));
    shots.push(shotOf(sceneAfter(shots.at(-1)?.scene, draw), frames, light, draw));
    left -= frames;
  }
  return shots;
}

/** Any but the last one: a cut is a change of scene. */
function sceneAfter(last: Scene | undefined, draw: Draw): Scene {
  const others = SCENES.filter((scene) => scene !== last);
  return others[draw(0, others.length - 1)] ?? 'card';
}

const shotOf = (scene: Scene, frames: number, light: number, draw: Draw): Shot => ({
  scene,
  frames,
  seed: draw(1, 1_000_000),
  startSeconds: LEARNT_SECONDS + draw(0, 4),
  brightnessPercent: draw(-light, light) / 2,
  saturationPercent: draw(100 - light, 100 + light),
  hueDegrees: draw(-light, light),
});

/** The scene of each frame. */
export const truthOf = (shots: readonly Shot[]): Scene[] =>
  shots.flatMap(({ scene, frames }) => Array.from({ length: frames }, () => scene));
