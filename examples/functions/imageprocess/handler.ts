import { resize } from '../image/resize.js';
import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { askedPicture, pictureAnswer } from '../shared/asked-picture.js';
import { checksum } from '../shared/checksum.js';
import { blurred, edges, greyPicture, luminance, mirrored } from './filters.js';

/** A chain of filters: mirrored, grey, blurred, its edges, and a small copy of them. */
export default answering((event) => {
  const source = askedPicture(event, 512);
  const radius = amount(event, 'radius', { usual: 3, least: 1, most: 50 });
  const { width, height } = source;
  const grey = luminance(mirrored(source));
  const smooth = blurred(grey, width, height, radius);
  const found = greyPicture(edges(smooth, width, height), width, height);
  const small = resize(found, Math.max(1, width >> 2), Math.max(1, height >> 2));
  return pictureAnswer(event, found, {
    width,
    height,
    checksum: checksum(Uint8Array.from(small.picture.data)),
    /** Products of the blur, both ways, and nine of each edge; and those of the copy. */
    operations: width * height * (2 * (2 * radius + 1) + 12) + small.operations,
  });
});
