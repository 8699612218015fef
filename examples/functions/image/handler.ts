import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { askedPicture, pictureAnswer } from '../shared/asked-picture.js';
import { checksum } from '../shared/checksum.js';
import { resize } from './resize.js';
import { rotate } from './rotate.js';

/** Resizes and turns the picture that it is sent, or one of its own. */
export default answering((event) => {
  const source = askedPicture(event, 512);
  const width = amount(event, 'width', { usual: Math.ceil(source.width / 2), least: 1, most: 4096 });
  const degrees = amount(event, 'rotate', { usual: 90, least: -360, most: 360, isFraction: true });
  const height = Math.max(1, Math.round((source.height * width) / source.width));
  const small = resize(source, width, height);
  const { picture, operations } = rotate(small.picture, degrees);
  return pictureAnswer(event, picture, {
    width: picture.width,
    height: picture.height,
    checksum: checksum(Uint8Array.from(picture.data)),
    operations: small.operations + operations,
  });
});
