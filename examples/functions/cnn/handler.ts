import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { CHANNELS, testPicture } from '../shared/picture.js';
import { classify, network, productsOf } from './network.js';
import { type Tensor, tensor } from './tensor.js';

const COLOURS = 3;

/** A picture of its own, other for each number, as planes of numbers around 0. */
function input(side: number, nth: number): Tensor {
  const { data } = testPicture(side, side, nth);
  const planes = tensor(COLOURS, side, side);
  for (let pixel = 0; pixel < side * side; pixel++)
    for (let colour = 0; colour < COLOURS; colour++)
      planes.data[colour * side * side + pixel] = (data[pixel * CHANNELS + colour] ?? 0) / 127.5 - 1;
  return planes;
}

/** Classifies so many pictures with a small convolutional network. */
export default answering((event) => {
  const images = amount(event, 'images', { usual: 8, least: 1, most: 10_000 });
  const side = amount(event, 'size', { usual: 32, least: 8, most: 512 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const net = network(COLOURS, side, seed);
  const labels = Array.from({ length: images }, (_, nth) => {
    const likelihoods = classify(net, input(side, nth));
    return likelihoods.indexOf(Math.max(...likelihoods));
  });
  return { images, labels: labels.slice(0, 100), operations: images * productsOf(net) };
});
