import type { Validation } from '../../footprint/index.js';
import { type Markup, markup } from '../markup.js';
import { percent } from '../terminal/figures.js';
import { htmlTable } from './html-table.js';

const plain = (value: number | undefined): string => value?.toFixed(4) ?? '-';
const signed = (value: number): string => `${value > 0 ? '+' : ''}${percent(value, 1)}`;

/** How the account compares with reference energies, with what "in proportion to latency" would have scored beside it. */
export function validationSection(validation: Validation): Markup {
  const scores = htmlTable(
    'Scores',
    [
      { title: 'score' },
      { title: 'this account' },
      { title: 'by latency alone' },
      { title: 'how to read it', kind: 'long' },
    ],
    [
      [
        'cosine similarity',
        plain(validation.cosineSimilarity),
        plain(validation.naiveCosineSimilarity),
        'direction of the functions’ energies against the reference: 1 is the same mix. Must beat the figure beside it to say anything',
      ],
      [
        'mean individual difference',
        percent(validation.individualDifference, 1),
        '-',
        'how far each function’s energy is from its reference, on average',
      ],
      [
        'total error',
        percent(validation.totalError, 1),
        '-',
        'predicted against measured energy, over the whole trace',
      ],
      [
        'latency-normalised variance',
        plain(validation.latencyNormalizedVariance),
        '-',
        'how much the energy per second of running varies',
      ],
    ],
  );
  const each = Object.entries(validation.differences);
  const differences =
    each.length === 0
      ? undefined
      : htmlTable(
          'By function: estimate against reference',
          [{ title: 'function' }, { title: 'difference' }],
          each.map(([name, value]) => [name, signed(value)]),
        );
  return markup`<section><h2>Validation</h2>
<p class="note">Against the reference energies that came with the trace.</p>
${scores}${differences && markup`<details><summary>Difference by function</summary>${differences}</details>`}</section>`;
}
