import type { FunctionDescription } from '../load-description.js';
import type { TraceFunction } from './replayed-trace.js';

/** Nobody calls it. */
export const LEFT_OUT = -1;

/**
 * Which target stands for each function of a trace. A target that names one, or has its name, stands for it alone; the others
 * are dealt to the rest in turn, the most called first. Without a target that has none yet, they are left out.
 */
export function dealFunctions(
  functions: readonly TraceFunction[],
  targets: readonly Pick<FunctionDescription, 'name' | 'traceFunction'>[],
): Int32Array {
  const dealt = new Int32Array(functions.length).fill(LEFT_OUT);
  const byName = new Map(functions.map(({ name }, index) => [name, index]));
  const free: number[] = [];
  for (const [target, { name, traceFunction }] of targets.entries()) {
    const index = byName.get(traceFunction ?? name);
    if (index !== undefined) dealt[index] = target;
    else if (traceFunction === undefined) free.push(target);
  }
  if (free.length === 0) return dealt;
  const rest = [...functions.keys()]
    .filter((index) => dealt[index] === LEFT_OUT && (functions[index]?.calls ?? 0) > 0)
    .sort((a, b) => (functions[b]?.calls ?? 0) - (functions[a]?.calls ?? 0));
  for (const [turn, index] of rest.entries()) dealt[index] = free[turn % free.length] ?? LEFT_OUT;
  return dealt;
}
