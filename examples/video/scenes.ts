export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Frames a second. */
export const RATE = 10;

/** What ffmpeg can film without a camera. */
export const SCENES = ['bars', 'card', 'cells', 'gradient', 'life', 'mandelbrot'] as const;
export type Scene = (typeof SCENES)[number];

/** A source of ffmpeg's for a scene; those that begin by chance begin with this seed. */
export function sourceOf(scene: Scene, { width, height }: Size, seed: number): string {
  const common = `size=${width}x${height}:rate=${RATE}`;
  switch (scene) {
    case 'bars':
      return `smptehdbars=${common}`;
    case 'card':
      return `testsrc2=${common}`;
    case 'cells':
      return `cellauto=${common}:rule=110:seed=${seed}`;
    case 'gradient':
      return `gradients=${common}:seed=${seed}:speed=0.02:nb_colors=3:c0=#e07020:c1=#802060:c2=#f0c080`;
    case 'life':
      return `life=${common}:seed=${seed}:ratio=0.3:mold=20:life_color=#c0d040:death_color=#303890:mold_color=#102010`;
    case 'mandelbrot':
      return `mandelbrot=${common}`;
  }
}
