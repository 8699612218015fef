import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { greyArguments, runFfmpeg } from './ffmpeg.js';

/** Frames of a video in grey, by ffmpeg: of the video that it is sent (`content-type: video/…`), or of one that ffmpeg makes. */
export default answering(async (event, context) => {
  const width = amount(event, 'width', { usual: 320, least: 16, most: 1920 });
  const height = amount(event, 'height', { usual: 240, least: 16, most: 1080 });
  const frames = amount(event, 'frames', { usual: 50, least: 1, most: 5000 });
  const isSent = event.headers['content-type']?.startsWith('video/') === true;
  const args = greyArguments(isSent ? undefined : { width, height, frames }, { width, height });
  let [bytes, sum] = [0, 0];
  await runFfmpeg({ args, input: isSent ? event.rawBody : undefined, signal: context.signal }, (grey) => {
    bytes += grey.length;
    for (const value of grey) sum += value;
  });
  return { width, height, frames: bytes / (width * height), brightness: sum / bytes, operations: bytes };
});
