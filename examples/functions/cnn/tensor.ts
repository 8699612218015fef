/** Numbers in planes of rows: `data[(channel * height + y) * width + x]`. */
export interface Tensor {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

export const tensor = (channels: number, height: number, width: number): Tensor => ({
  channels,
  height,
  width,
  data: new Float32Array(channels * height * width),
});
