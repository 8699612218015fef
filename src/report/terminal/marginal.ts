import type { BootstrapEstimate, CountChange, MarginalEnergy } from '../../footprint/index.js';
import { findingText } from '../account-rows.js';
import { joules, percent, seconds } from './figures.js';
import { printable } from './printable.js';
import { withError } from './with-error.js';
import { wrap } from './wrap.js';

const LABEL = 14;
const NAMED_AT_MOST = 5;

export const estimateText = (
  { value, standardError, low, high }: BootstrapEstimate,
  confidence: number,
): string =>
  `${withError(value, standardError, 'J')} (${joules(low)} to ${joules(high)} with ${percent(confidence)} confidence)`;

function names(changes: readonly CountChange[]): string {
  const some = changes.slice(0, NAMED_AT_MOST).map(({ name }) => printable(name));
  const more = changes.length > some.length ? ` and ${changes.length - some.length} others` : '';
  return changes.length === 0 ? 'nothing' : `${some.join(', ')}${more}`;
}

/** What the second trace leaves out, and what the machine drew more with it. */
export function marginalText(pair: MarginalEnergy, width: number): string {
  const { difference, confidence, joulesPerInvocation, reason, leftOut, others } = pair;
  const line = (label: string, text: string): string =>
    label.padEnd(LABEL) + wrap(text, width, ' '.repeat(LABEL));
  return [
    line('Left out', `${names(leftOut)}, ${pair.invocations} invocations in ${seconds(pair.windowSeconds)}`),
    line(
      'Difference',
      `${estimateText(difference, confidence)}: ${joules(pair.withJoules)} with, ${joules(pair.withoutJoules)} without`,
    ),
    line(
      'An invocation',
      joulesPerInvocation
        ? estimateText(joulesPerInvocation, confidence)
        : `not known: ${printable(reason ?? '')}`,
    ),
    ...(others.length > 0 ? [line('Also changed', names(others))] : []),
    ...pair.findings.map((finding) => `- ${wrap(printable(findingText(finding)), width, '  ')}`),
  ].join('\n');
}
