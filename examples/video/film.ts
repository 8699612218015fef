import { ffmpeg } from './ffmpeg.js';
import { RATE, type Size, sourceOf } from './scenes.js';
import type { Shot } from './shots.js';

const seconds = (frames: number): number => frames / RATE;

function filmed(shot: Shot, size: Size, label: string): string {
  const filters = [
    sourceOf(shot.scene, size, shot.seed),
    `trim=start=${shot.startSeconds}:duration=${seconds(shot.frames)}`,
    'setpts=PTS-STARTPTS',
    'format=yuv420p',
    'setsar=1',
    `eq=brightness=${shot.brightnessPercent / 100}`,
    `hue=h=${shot.hueDegrees}:s=${shot.saturationPercent / 100}`,
  ];
  return `${filters.join(',')}[${label}]`;
}

export interface FilmOptions {
  readonly size: Size;
  /** As often is there a picture that stands for itself: there the clip can be cut. */
  readonly framesBetweenCuts: number;
  readonly signal: AbortSignal;
}

/** Films the shots one after another, a little out of focus: a clip as Matroska. */
export function film(
  shots: readonly Shot[],
  { size, framesBetweenCuts, signal }: FilmOptions,
): Promise<Uint8Array> {
  const parts = shots.map((shot, index) => filmed(shot, size, `shot${index}`));
  const labels = shots.map((_, index) => `[shot${index}]`).join('');
  const joined = `${labels}concat=n=${shots.length}:v=1:a=0,gblur=sigma=1`;
  const graph = [...parts, joined].join(';');
  // At changes of scene too the encoder would put such pictures, and chunks would be of any length.
  const cuts = ['-g', String(framesBetweenCuts), '-sc_threshold', '1000000000'];
  const codec = ['-c:v', 'mpeg4', '-q:v', '3', ...cuts, '-flags', '+bitexact'];
  return ffmpeg(['-filter_complex', graph, ...codec, '-fflags', '+bitexact', '-f', 'matroska'], { signal });
}
