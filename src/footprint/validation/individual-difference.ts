import { absent, type Figure, figure, finite } from './figure.js';
import type { Pairs } from './pairs.js';

/** By function: (estimate − reference) / reference. Functions whose reference is 0 have none. */
export function relativeDifferences({ names, estimates, references }: Pairs): Record<string, number> {
  const differences: Record<string, number> = {};
  names.forEach((name, i) => {
    const reference = references[i] ?? Number.NaN;
    const difference = ((estimates[i] ?? Number.NaN) - reference) / Math.abs(reference);
    if (!Number.isFinite(difference)) return;
    // Not assigned: a function may be called `__proto__`.
    Object.defineProperty(differences, name, { value: difference, enumerable: true });
  });
  return differences;
}

/** Mean over functions of |estimate − reference| / reference, each function counted once however often it ran. */
export function individualDifference(pairs: Pairs): Figure {
  if (pairs.names.length === 0) return absent('no function has both an estimate and a reference');
  const sizes = Object.values(relativeDifferences(pairs)).map(Math.abs);
  if (sizes.length === 0) return absent('every reference is 0');
  return finite(sizes.reduce((sum, size) => sum + size, 0) / sizes.length, 'a difference is not finite');
}

/** The part of functions whose reference lies within so many standard errors of the estimate: how honest the errors are. */
export function coverage(
  { estimates, references }: Pairs,
  errors: ArrayLike<number>,
  deviations: number,
): Figure {
  let [within, judged] = [0, 0];
  for (let i = 0; i < estimates.length; i++) {
    const error = errors[i] ?? Number.NaN;
    if (!Number.isFinite(error)) continue;
    judged++;
    if (Math.abs((estimates[i] ?? 0) - (references[i] ?? 0)) <= deviations * error) within++;
  }
  return judged === 0 ? absent('no estimate has a standard error') : figure(within / judged);
}
