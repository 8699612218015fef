import type { MarginalEnergy } from '../../footprint/index.js';
import { type Markup, markup } from '../markup.js';
import { joules } from '../terminal/figures.js';
import { estimateText } from '../terminal/marginal.js';
import { htmlTable } from './html-table.js';

/** What a second trace without some functions says of them. */
export function marginalSection(pair: MarginalEnergy): Markup {
  const { difference, confidence, joulesPerInvocation, reason, leftOut, others } = pair;
  const list = (changes: readonly { readonly name: string }[]): string =>
    changes.map(({ name }) => name).join(', ');
  const rows = [
    ['left out', list(leftOut)],
    ['invocations of it', String(pair.invocations)],
    ['drawn with it', joules(pair.withJoules)],
    ['drawn without it', joules(pair.withoutJoules)],
    ['difference', estimateText(difference, confidence)],
    [
      'of one invocation',
      joulesPerInvocation ? estimateText(joulesPerInvocation, confidence) : `not known: ${reason ?? ''}`,
    ],
    ...(others.length > 0 ? [['also changed', list(others)]] : []),
    ...pair.findings.map(({ message }) => ['note', message]),
  ];
  return markup`<section><h2>Against a second trace</h2>
<p class="note">The same arrivals without some functions: what the machine drew more with them is their marginal energy.</p>
${htmlTable('Difference of the two traces', [{ title: 'figure' }, { title: 'value', kind: 'long' }], rows)}</section>`;
}
