import type { SourceObject } from 'wattloop/workflow';
import { ffmpeg } from './ffmpeg.js';
import type { Size } from './scenes.js';

export interface Frame extends Size {
  /** In the clip, from 0. */
  readonly number: number;
  /** Red, green and blue of each pixel, line by line. */
  readonly rgb: Uint8Array;
}

/** Cuts the raw pixels of several frames. Each gets bytes of its own, as each is stored for itself. */
export function framesOf(pixels: Uint8Array, { width, height }: Size, first: number): Frame[] {
  const bytes = width * height * 3;
  return Array.from({ length: Math.floor(pixels.length / bytes) }, (_, index) => ({
    number: first + index,
    width,
    height,
    rgb: Uint8Array.from(pixels.subarray(index * bytes, (index + 1) * bytes)),
  }));
}

/** The frames of a chunk, whose name is its number. */
export async function extractFrames(
  { name, bytes }: SourceObject,
  size: Size,
  framesOfChunk: number,
  signal: AbortSignal,
): Promise<Frame[]> {
  const args = ['-f', 'matroska', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const pixels = await ffmpeg(args, { input: bytes, signal });
  const frames = framesOf(pixels, size, Number.parseInt(name, 10) * framesOfChunk);
  if (frames.length > framesOfChunk)
    throw new Error(`${name} has ${frames.length} frames, more than ${framesOfChunk}: it was cut elsewhere`);
  return frames;
}
