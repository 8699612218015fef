import type { FootprintWindow, FunctionWindow } from '../../../model/index.js';
import type { FootprintQuery, FootprintRow, Footprints } from '../account.js';

function rowOf(window: FunctionWindow): FootprintRow {
  const { calls, errors, cold, callSeconds, individualJoules, controlPlaneJoules, idleJoules } = window;
  const totalJoules = individualJoules + controlPlaneJoules + idleJoules;
  return {
    function: window.function,
    calls,
    errors,
    cold,
    meanSeconds: calls > 0 ? callSeconds / calls : 0,
    individualJoules,
    controlPlaneJoules,
    idleJoules,
    totalJoules,
    joulesPerCall: calls > 0 ? totalJoules / calls : undefined,
    operationalGrams: window.operationalGrams,
    embodiedGrams: window.embodiedGrams,
  };
}

/** What a range of windows says, for those who ask. `provenance` tells how the figures were got. */
export function footprintsOf(
  query: FootprintQuery,
  sum: FootprintWindow | undefined,
  provenance: Readonly<Record<string, string>>,
): Footprints {
  const { from, to } = sum ?? query;
  return {
    from,
    to,
    functions: (sum?.functions ?? [])
      .map(rowOf)
      .sort((a, b) => b.totalJoules - a.totalJoules || (a.function < b.function ? -1 : 1)),
    shares: {
      measuredJoules: sum?.measuredJoules ?? 0,
      individualJoules: sum?.individualJoules ?? 0,
      controlPlaneJoules: sum?.controlPlaneJoules ?? 0,
      idleJoules: sum?.idleJoules ?? 0,
      unattributedJoules: sum?.unattributedJoules ?? 0,
    },
    provenance,
  };
}
