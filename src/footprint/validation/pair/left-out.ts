import type { InvocationTable } from '../../../model/index.js';

/** How often a function ran in the one trace and in the other. */
export interface CountChange {
  readonly name: string;
  readonly invocationsWith: number;
  readonly invocationsWithout: number;
}

/** What distinguishes two traces of the same arrivals. */
export interface CountChanges {
  /** Functions that the second trace leaves out, whole or in part. */
  readonly leftOut: readonly CountChange[];
  /** Others that did not run equally often. */
  readonly others: readonly CountChange[];
}

/** Load is never repeated to the last invocation: so many more or fewer, or such a part, is not a change. */
const TOLERATED_INVOCATIONS = 1;
const TOLERATED_PART = 0.01;

const differs = ({ invocationsWith: a, invocationsWithout: b }: CountChange): boolean =>
  Math.abs(a - b) > Math.max(TOLERATED_INVOCATIONS, TOLERATED_PART * Math.max(a, b));

function countsUntil({ functions, functionIndex, start }: InvocationTable, end: number): Map<string, number> {
  const counts = new Float64Array(functions.length);
  for (let i = 0; i < start.length; i++) {
    const index = functionIndex[i] ?? 0;
    if ((start[i] ?? Number.NaN) < end) counts[index] = (counts[index] ?? 0) + 1;
  }
  return new Map(functions.map((name, index) => [name, counts[index] ?? 0]));
}

/**
 * Left out is what the second trace does not have at all; if it has everything, what ran less often. Whatever else ran
 * more or less often is another cause of the difference in energy.
 */
export function countChanges(withIt: InvocationTable, without: InvocationTable, end: number): CountChanges {
  const [first, second] = [countsUntil(withIt, end), countsUntil(without, end)];
  const changes = [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => ({
      name,
      invocationsWith: first.get(name) ?? 0,
      invocationsWithout: second.get(name) ?? 0,
    }))
    .filter(({ invocationsWith, invocationsWithout }) => invocationsWith + invocationsWithout > 0);
  const gone = changes.filter((change) => change.invocationsWithout === 0);
  const leftOut =
    gone.length > 0
      ? gone
      : changes.filter((change) => differs(change) && change.invocationsWithout < change.invocationsWith);
  return { leftOut, others: changes.filter((change) => differs(change) && !leftOut.includes(change)) };
}
