import { moments } from '../moments.js';

/** How a column of figures is brought to mean 0 and deviation 1, by way of its logarithm where so asked. */
export interface Scaling {
  readonly logarithmic: boolean;
  readonly centre: number;
  readonly scale: number;
}

export function scalingOf(values: ArrayLike<number>, logarithmic: boolean): Scaling {
  const figures = logarithmic ? Float64Array.from(values, Math.log) : Float64Array.from(values);
  const { mean, deviation } = moments(figures);
  // A column that never changes says nothing, whatever its scale.
  const isConstant = !(deviation > 1e-12 * Math.abs(mean));
  return { logarithmic, centre: mean, scale: isConstant ? 1 : deviation };
}

export const scaled = ({ logarithmic, centre, scale }: Scaling, value: number): number =>
  ((logarithmic ? Math.log(value) : value) - centre) / scale;
