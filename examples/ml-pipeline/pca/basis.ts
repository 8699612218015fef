import type { Samples } from '../samples.js';
import { eigenOf } from './jacobi.js';
import { type Moments, merged } from './moments.js';

/** The directions in which data differs most, one a row. */
export interface Basis {
  readonly mean: Float64Array;
  readonly components: number;
  readonly directions: Float64Array;
  /** The part of all variance that lies in these directions. */
  readonly explained: number;
}

export function basisOf(parts: readonly Moments[], components: number): Basis {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('there are no moments to make a basis of');
  const { mean, products, count } = others.reduce(merged, first);
  if (components > mean.length || count < 2)
    throw new Error(`${components} components of ${count} samples of ${mean.length} values can not be had`);
  const { values, vectors } = eigenOf(products, mean.length);
  const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
  return {
    mean,
    components,
    directions: vectors.slice(0, components * mean.length),
    explained: sum(values.subarray(0, components)) / sum(values),
  };
}

/** Samples by how far they lie in each direction of the basis. */
export function projected(samples: Samples, { mean, components, directions }: Basis): Samples {
  const { rows, columns, values } = samples;
  const result = new Float32Array(rows * components);
  for (let row = 0; row < rows; row++) {
    for (let component = 0; component < components; component++) {
      let sum = 0;
      for (let i = 0; i < columns; i++)
        sum +=
          ((values[row * columns + i] ?? 0) - (mean[i] ?? 0)) * (directions[component * columns + i] ?? 0);
      result[row * components + component] = sum;
    }
  }
  return { ...samples, columns: components, values: result };
}
