import { type Tensor, tensor } from './tensor.js';

/** Square windows that are slid over the input, one set of weights for each output plane. */
export interface Convolution {
  readonly size: number;
  readonly outputs: number;
  /** By output, input plane, row and column of the window. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Every window as a column: `columns[(channel * size + dy) * size + dx][y * width + x]`. Beyond the edge is 0. */
export function windowsAsColumns({ channels, height, width, data }: Tensor, size: number): Float32Array {
  const reach = (size - 1) >> 1;
  const pixels = height * width;
  const columns = new Float32Array(channels * size * size * pixels);
  let row = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++, row++) {
        const [from, to] = [Math.max(0, -dx), Math.min(width, width - dx)];
        // The window is wider than the picture.
        if (from >= to) continue;
        for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
          const source = (channel * height + y + dy) * width + dx;
          columns.set(data.subarray(source + from, source + to), row * pixels + y * width + from);
        }
      }
    }
  }
  return columns;
}

/** A convolution that keeps width and height, as one product of matrices. */
export function convolve(input: Tensor, { size, outputs, weights, bias }: Convolution): Tensor {
  const columns = windowsAsColumns(input, size);
  const pixels = input.height * input.width;
  const inner = input.channels * size * size;
  const output = tensor(outputs, input.height, input.width);
  for (let plane = 0; plane < outputs; plane++) {
    const sum = output.data.subarray(plane * pixels, (plane + 1) * pixels).fill(bias[plane] ?? 0);
    for (let row = 0; row < inner; row++) {
      const weight = weights[plane * inner + row] ?? 0;
      const from = row * pixels;
      for (let pixel = 0; pixel < pixels; pixel++)
        sum[pixel] = (sum[pixel] ?? 0) + weight * (columns[from + pixel] ?? 0);
    }
  }
  return output;
}

/** What is below 0 becomes 0, in place. */
export function rectify(input: Tensor): Tensor {
  for (const [at, value] of input.data.entries()) if (value < 0) input.data[at] = 0;
  return input;
}

/** The largest of each square of four. */
export function pool({ channels, height, width, data }: Tensor): Tensor {
  const output = tensor(channels, height >> 1, width >> 1);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < output.height; y++) {
      for (let x = 0; x < output.width; x++, to++) {
        const at = (channel * height + 2 * y) * width + 2 * x;
        output.data[to] = Math.max(
          data[at] ?? 0,
          data[at + 1] ?? 0,
          data[at + width] ?? 0,
          data[at + width + 1] ?? 0,
        );
      }
    }
  }
  return output;
}

export interface Dense {
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Every output from every input. */
export function connect(input: Float32Array, { outputs, weights, bias }: Dense): Float32Array {
  return Float32Array.from({ length: outputs }, (_, output) => {
    let sum = bias[output] ?? 0;
    const from = output * input.length;
    for (let at = 0; at < input.length; at++) sum += (weights[from + at] ?? 0) * (input[at] ?? 0);
    return sum;
  });
}

/** Likelihoods that add up to one. */
export function softmax(values: Float32Array): Float64Array {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(values, (value) => Math.exp(value - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
