import { normal, random } from '../shared/random.js';
import { type Convolution, connect, convolve, type Dense, pool, rectify, softmax } from './layers.js';
import type { Tensor } from './tensor.js';

export const CLASSES = 10;
const WINDOW = 3;
const PLANES = [8, 16, 32] as const;

export interface Network {
  readonly inputs: { readonly channels: number; readonly side: number };
  readonly convolutions: readonly Convolution[];
  readonly last: Dense;
}

/** Weights as large as keeps the spread of values from layer to layer (He). */
function weights(count: number, inputs: number, next: () => number): Float32Array {
  const spread = Math.sqrt(2 / inputs);
  return Float32Array.from({ length: count }, () => spread * next());
}

/** Three times convolution and pooling, then a dense layer. The seed settles its weights: it has seen no picture. */
export function network(channels: number, side: number, seed: number): Network {
  const next = normal(random(seed));
  let inputs = channels;
  const convolutions = PLANES.map((outputs): Convolution => {
    const inner = inputs * WINDOW * WINDOW;
    inputs = outputs;
    return {
      size: WINDOW,
      outputs,
      weights: weights(outputs * inner, inner, next),
      bias: weights(outputs, 200, next),
    };
  });
  const left = (side >> PLANES.length) ** 2 * inputs;
  return {
    inputs: { channels, side },
    convolutions,
    last: { outputs: CLASSES, weights: weights(CLASSES * left, left, next), bias: new Float32Array(CLASSES) },
  };
}

/** How likely each class is. */
export function classify({ convolutions, last }: Network, picture: Tensor): Float64Array {
  let values = picture;
  for (const convolution of convolutions) values = pool(rectify(convolve(values, convolution)));
  return softmax(connect(values.data, last));
}

/** Products that one picture takes. */
export function productsOf({ inputs, convolutions, last }: Network): number {
  let { channels, side } = inputs;
  let products = last.weights.length;
  for (const { outputs, size } of convolutions) {
    products += outputs * channels * size * size * side * side;
    channels = outputs;
    side >>= 1;
  }
  return products;
}
