import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { processFrames } from './process-frames.js';

/** Frames of a moving picture, smoothed, searched for edges and for what moves. */
export default answering((event) =>
  processFrames({
    width: amount(event, 'width', { usual: 320, least: 16, most: 1920 }),
    height: amount(event, 'height', { usual: 240, least: 16, most: 1080 }),
    frames: amount(event, 'frames', { usual: 10, least: 1, most: 2000 }),
  }),
);
