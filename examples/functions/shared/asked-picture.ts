import type { FunctionEvent } from 'wattloop/compute';
import { amount } from './asked.js';
import { type Picture, testPicture } from './picture.js';
import { decodePng, encodePng, isPng } from './png.js';

/** The PNG that the caller sent, else a picture of `size` by `size` pixels that is made here. */
export function askedPicture(event: FunctionEvent, usual: number): Picture {
  const { rawBody } = event;
  if (rawBody !== undefined && (isPng(rawBody) || event.headers['content-type'] === 'image/png'))
    return decodePng(rawBody);
  const size = amount(event, 'size', { usual, least: 8, most: 4096 });
  return testPicture(size, size);
}

/** The picture itself where the caller takes pictures, else what is said of it. */
export function pictureAnswer(event: FunctionEvent, picture: Picture, words: object): unknown {
  if (!event.headers.accept?.includes('image/png')) return words;
  return { statusCode: 200, headers: { 'content-type': 'image/png' }, body: encodePng(picture) };
}
