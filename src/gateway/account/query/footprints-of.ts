import { ErrorCode, WattloopError } from '../../../base/index.js';
import { contentsOf, FootprintKind } from '../../../footprint/index.js';
import type { FootprintWindow, FunctionWindow } from '../../../model/index.js';
import type { FootprintQuery, FootprintRow, Footprints, FunctionPower } from '../account.js';

export interface FootprintFacts {
  /** The sum of the windows in the range; undefined where there is none. */
  readonly sum: FootprintWindow | undefined;
  readonly forecasts: readonly FunctionPower[];
  readonly provenance: Readonly<Record<string, string>>;
}

/** What a range of windows says, for those who ask. */
export function footprintsOf(
  query: FootprintQuery,
  { sum, forecasts, provenance }: FootprintFacts,
): Footprints {
  const kind = query.kind ?? FootprintKind.shapley;
  if (!contentsOf(kind).floor) {
    throw new WattloopError(
      ErrorCode.badInput,
      `the live account keeps no footprints of the kind "${kind}"`,
      {
        remedy: 'Record a trace and give it to wattloop attribute, which tells the load floor apart',
      },
    );
  }
  const { from, to } = sum ?? query;
  const forecastOf = new Map(forecasts.map((each) => [each.function, each]));
  return {
    from,
    to,
    kind,
    functions: (sum?.functions ?? [])
      .map((window) => rowOf(window, kind, forecastOf.get(window.function)))
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

function rowOf(
  window: FunctionWindow,
  kind: FootprintKind,
  forecast: FunctionPower | undefined,
): FootprintRow {
  const { calls, errors, cold, callSeconds, individualJoules, controlPlaneJoules, idleJoules } = window;
  const { controlPlane, idle } = contentsOf(kind);
  const totalJoules = individualJoules + (controlPlane ? controlPlaneJoules : 0) + (idle ? idleJoules : 0);
  const perCall = (amount: number): number | undefined => (calls > 0 ? amount / calls : undefined);
  const marginal = (watts: number | undefined): number | undefined =>
    forecast && watts !== undefined ? watts * forecast.meanSeconds : undefined;
  return {
    function: window.function,
    calls,
    errors,
    cold,
    meanSeconds: perCall(callSeconds),
    individualJoules,
    controlPlaneJoules,
    idleJoules,
    totalJoules,
    joulesPerCall: perCall(totalJoules),
    marginalJoulesPerCall: marginal(forecast?.wattsPerCall),
    marginalErrorJoules: marginal(forecast?.standardError),
    operationalGrams: window.operationalGrams,
    embodiedGrams: window.embodiedGrams,
  };
}
