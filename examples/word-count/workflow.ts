import { join } from 'node:path';
import { gather, lines, scatter, shuffle, workflow } from 'wattloop/workflow';
import { mostFrequent, sumByWord, type WordCount } from './sums.js';
import { textFile } from './text-file.js';

const MADE = join(import.meta.dirname, 'made');

const parameters = {
  /** Of the text that is made. */
  words: 4_000_000,
  seed: 1,
  /** A text of yours instead: a path from this folder, or s3://bucket/key. */
  text: '',
  top: 10,
};

export default workflow('word-count', { parameters }, (flow) => {
  const { words, seed, text, top } = flow.parameters;
  const counts = flow.stage<WordCount[]>('count', {
    workers: 8,
    memoryMib: 256,
    inputs: { text: scatter(lines(text === '' ? textFile(MADE, words, seed) : text)) },
    command: ['python3', 'count.py'],
  });
  const sums = flow.stage('sum', {
    workers: 2,
    memoryMib: 256,
    inputs: { counts: shuffle(counts, ([word]) => word) },
    run: ({ counts }, { countWork }) => {
      countWork(counts.length);
      return sumByWord(counts);
    },
  });
  return flow.stage('top', {
    memoryMib: 256,
    parameters: { top },
    inputs: { sums: gather(sums) },
    run: ({ sums }, { parameters, countWork }) => {
      const all = sums.flat();
      countWork(all.length);
      return {
        words: all.reduce((total, [, count]) => total + count, 0),
        distinct: all.length,
        top: mostFrequent(all, parameters.top),
      };
    },
  });
});
