import type { FitOptions } from './power-data.js';
import type { PowerLaw } from './power-law.js';

/** The unknowns of a fit and where they stand among the columns. */
export interface Layout {
  readonly width: number;
  readonly size: number;
  readonly floor: number;
  readonly bend: number;
  readonly idle: number;
}

export function layoutOf(width: number, { floor, bend, course, idleWatts }: FitOptions): Layout {
  let next = width;
  return {
    width,
    floor: floor ? next++ : -1,
    bend: bend && course === undefined ? next++ : -1,
    idle: idleWatts === undefined ? next++ : -1,
    size: next,
  };
}

export function unknownsOf(layout: Layout, law: PowerLaw, weights: Float64Array): Float64Array {
  const all = new Float64Array(layout.size);
  all.set(weights);
  if (layout.floor >= 0) all[layout.floor] = law.floorWatts;
  if (layout.bend >= 0) all[layout.bend] = law.bend;
  if (layout.idle >= 0) all[layout.idle] = law.idleWatts;
  return all;
}

export function lawOf(layout: Layout, { idleWatts, course }: FitOptions, all: Float64Array): PowerLaw {
  return {
    idleWatts: idleWatts ?? all[layout.idle] ?? 0,
    floorWatts: layout.floor >= 0 ? (all[layout.floor] ?? 0) : 0,
    bend: layout.bend >= 0 ? (all[layout.bend] ?? 0) : 0,
    ...(course && { course }),
  };
}
