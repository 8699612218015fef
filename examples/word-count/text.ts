import { seededRandom } from 'wattloop/maths';
import { VOCABULARY } from './vocabulary.js';
import { zipf } from './zipf.js';

const SHORTEST_SENTENCE = 6;
const LONGEST_SENTENCE = 16;

/** A text of so many words, a sentence a line: the same for the same seed. */
export function* textLines(words: number, seed: number): Generator<string> {
  const random = seededRandom(seed);
  const word = zipf(VOCABULARY, random.uniform);
  for (let left = words; left > 0; ) {
    const drawn = SHORTEST_SENTENCE + random.below(LONGEST_SENTENCE - SHORTEST_SENTENCE + 1);
    const length = Math.min(left, drawn);
    left -= length;
    yield sentence(Array.from({ length }, word));
  }
}

/** As people write it: what counts words has to see that `The` and `the` are one. */
function sentence([first = '', ...others]: readonly string[]): string {
  const middle = others.length >> 1;
  const rest = others.map((word, index) => (index === middle && index > 2 ? `, ${word}` : ` ${word}`));
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}${rest.join('')}.`;
}
