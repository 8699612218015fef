import type { Finding } from '../../account.js';
import type { CountChange } from './left-out.js';

interface Compared {
  readonly leftOut: readonly CountChange[];
  readonly others: readonly CountChange[];
  readonly knownSeconds: number;
  readonly windowSeconds: number;
  readonly workBeyondSeconds: number;
}

const listed = (changes: readonly CountChange[]): string =>
  changes
    .map(
      ({ name, invocationsWith, invocationsWithout }) =>
        `${name} (${invocationsWith} and ${invocationsWithout})`,
    )
    .join(', ');

/** What the reader of a pair's difference should know. */
export function pairFindings({
  leftOut,
  others,
  knownSeconds,
  windowSeconds,
  workBeyondSeconds,
}: Compared): Finding[] {
  const findings: Finding[] = [];
  if (leftOut.length === 0) {
    const swapped = others.some((change) => change.invocationsWith < change.invocationsWithout);
    findings.push({
      code: 'pair-nothing-left-out',
      message: `the second trace leaves no function out${swapped ? ', but runs more: are the two swapped?' : ''}`,
    });
  }
  if (others.length > 0) {
    findings.push({
      code: 'pair-counts-differ',
      message: `not a marginal energy, as other functions did not run equally often: ${listed(others)}`,
      count: others.length,
    });
  }
  const missing = windowSeconds - knownSeconds;
  if (missing > 1e-9 * windowSeconds) {
    findings.push({
      code: 'pair-power-missing',
      message: `power is missing in one trace or the other for ${missing.toFixed(0)} of ${windowSeconds.toFixed(0)} s; filled with the mean`,
    });
  }
  // A queue that is the longer for the function left out, or a record that ended too early.
  if (workBeyondSeconds >= 1) {
    findings.push({
      code: 'pair-work-beyond-window',
      message: `power ends before the work does in one trace or the other: ${workBeyondSeconds.toFixed(0)} s of work are not compared`,
    });
  }
  return findings;
}
