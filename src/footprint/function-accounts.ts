import { columnSums } from '../maths/index.js';
import type { InvocationTable, Trace } from '../model/index.js';
import type { FunctionAccount, InseparableGroup } from './account.js';
import { functionCarbon } from './carbon/function-carbon.js';
import { intensityMet } from './carbon/intensity-met.js';
import type { AccountCarbon } from './carbon-of-account.js';
import type { Explained } from './disaggregate/explain-power.js';
import { invocationScatter } from './invocation-scatter.js';
import { FLOOR_ERROR, LAW_ERROR } from './law-error.js';
import type { Marginals } from './marginal/marginals.js';
import type { AttributeOptions } from './options.js';
import type { FairShares } from './shares/fair-shares.js';
import { FootprintKind, totalJoules } from './shares/kind.js';
import type { TickAccount } from './tick-account/tick-account.js';

export interface FunctionAccountsInput {
  readonly trace: Trace;
  readonly options: AttributeOptions;
  readonly explained: Explained;
  readonly settled: TickAccount;
  readonly shares: FairShares;
  readonly marginals: Marginals;
  /** Functions that can't be told apart, by index. */
  readonly groups: readonly (readonly number[])[];
  readonly carbon: AccountCarbon;
}

export interface FunctionAccounts {
  readonly functions: readonly FunctionAccount[];
  /** The index of each function among the trace's. */
  readonly places: readonly number[];
  readonly groups: readonly InseparableGroup[];
}

/** Of the prior's deviation so much may be left before the power is held to have said nothing of a function. */
const UNTOLD = 0.9;

/** Each function's account, per invocation, in the trace's order; those that didn't run in the window are left out. */
export function functionAccounts(input: FunctionAccountsInput): FunctionAccounts {
  const { trace, options, explained, settled, shares, marginals, carbon } = input;
  const { invocations } = trace;
  const { rows } = settled.energies;
  const { counts, latencies } = tallyInvocations(
    invocations,
    rows.start,
    rows.start + rows.count * rows.tickSeconds,
  );
  const scatter = invocationScatter(invocations, rows, shares.entryJoules);
  const slack = columnSums(rows.column, settled.bendJoules, counts.length);
  const ran = columnSums(rows.column, rows.seconds, counts.length);
  const groupOf = new Map(input.groups.flatMap((group) => group.map((f) => [f, group] as const)));
  const met = options.intensity && intensityMet(options.intensity, settled, shares);
  const embodied = shares.embodiedGrams;
  const embodiedTotal = (carbon.embodiedGrams ?? 0) || 1;
  const places = Array.from(counts.keys()).filter((f) => (counts[f] ?? 0) > 0);

  const energies = places.map((f) => {
    const n = counts[f] ?? 1;
    const parts = {
      individualJoules: (shares.individualJoules[f] ?? 0) / n,
      floorJoules: ((shares.floorJoules[f] ?? 0) + (slack[f] ?? 0)) / n,
      controlPlaneJoules: (shares.controlPlaneJoules[f] ?? 0) / n,
      idleJoules: (shares.idleJoules[f] ?? 0) / n,
    };
    return { f, n, parts, whole: totalJoules(FootprintKind.shapley, parts) };
  });
  const emissions = functionCarbon(
    energies.map(({ f, n, whole }) => ({
      name: invocations.functions[f] ?? '',
      invocations: n,
      meanLatencySeconds: latencies[f] ?? 0,
      totalJoules: whole,
      ...(embodied && { embodiedShare: (embodied[f] ?? 0) / embodiedTotal }),
      ...(met && { gramsPerKilowattHour: known(met[f], carbon.machine.gramsPerKilowattHour) }),
    })),
    rows.count * rows.tickSeconds,
    carbon.machine,
  );
  const functions = energies.map(({ f, n, parts }, i): FunctionAccount => {
    const group = groupOf.get(f);
    const seconds = ran[f] ?? 0;
    const remark = group
      ? `always ran together with ${othersIn(group, f, invocations)}`
      : untold(explained, f);
    const variation = scatter[f] ?? Number.NaN;
    const gases = emissions[i];
    const individualErrorJoules = Math.hypot(
      (marginals.individualErrors[f] ?? 0) / n,
      LAW_ERROR * parts.individualJoules,
      FLOOR_ERROR * parts.floorJoules,
    );
    return {
      name: invocations.functions[f] ?? '',
      invocations: n,
      meanLatencySeconds: latencies[f] ?? 0,
      powerWatts: seconds > 0 ? (shares.individualJoules[f] ?? 0) / seconds : 0,
      powerErrorWatts: seconds > 0 ? (individualErrorJoules * n) / seconds : 0,
      ...parts,
      individualErrorJoules,
      totalJoules: totalJoules(options.kind ?? FootprintKind.shapley, parts),
      ...(group === undefined && {
        marginalJoules: (marginals.joules[f] ?? 0) / n,
        marginalErrorJoules: (marginals.errors[f] ?? 0) / n,
      }),
      ...(remark !== undefined && { remark }),
      operationalGrams: gases?.operationalGrams ?? 0,
      ...(gases?.embodiedGrams !== undefined && { embodiedGrams: gases.embodiedGrams }),
      carbonGrams: gases?.carbonGrams ?? 0,
      sciGrams: gases?.sciGrams ?? 0,
      ...(Number.isFinite(variation) && { cov: variation }),
    };
  });
  const groups = input.groups.map((group): InseparableGroup => {
    const sumOf = (joules: Float64Array): number => group.reduce((sum, f) => sum + (joules[f] ?? 0), 0);
    const individualJoules = sumOf(shares.individualJoules);
    return {
      functions: group.map((f) => invocations.functions[f] ?? ''),
      individualJoules,
      // What one has too much another has too little: the errors of their weights are none of the sum's.
      errorJoules: Math.hypot(
        LAW_ERROR * individualJoules,
        FLOOR_ERROR * (sumOf(shares.floorJoules) + sumOf(slack)),
      ),
      reason: 'they always ran at the same times: the power tells their sum, not how it is divided',
    };
  });
  return { functions, places, groups };
}

const known = (value: number | undefined, otherwise: number): number =>
  value !== undefined && Number.isFinite(value) ? value : otherwise;

/** Invocations that ran in the window, and the mean time of those that ended. */
export function tallyInvocations(
  { functions, functionIndex, start, end }: InvocationTable,
  from: number,
  to: number,
) {
  const counts = new Uint32Array(functions.length);
  const ended = new Uint32Array(functions.length);
  const seconds = new Float64Array(functions.length);
  for (const [k, f] of functionIndex.entries()) {
    const [begin, finish] = [start[k] ?? Number.NaN, end[k] ?? Number.NaN];
    // One that ends as the window begins was not in it; one without length was where it began.
    if (!(begin < to && (finish > from || (finish === begin && begin >= from)))) continue;
    counts[f] = (counts[f] ?? 0) + 1;
    if (finish === Number.POSITIVE_INFINITY) continue;
    ended[f] = (ended[f] ?? 0) + 1;
    seconds[f] = (seconds[f] ?? 0) + finish - begin;
  }
  return { counts, latencies: seconds.map((sum, f) => (ended[f] === 0 ? 0 : sum / (ended[f] ?? 1))) };
}

export const othersIn = (group: readonly number[], f: number, { functions }: InvocationTable): string =>
  group
    .filter((other) => other !== f)
    .map((other) => functions[other] ?? '')
    .join(', ');

/** Said of a function whose weight is little more than what functions usually have. */
function untold({ chosen: { fit, prior } }: Explained, f: number): string | undefined {
  const deviation = prior.deviation[f] ?? 0;
  if (!(deviation > 0) || (fit.errors[f] ?? 0) < UNTOLD * deviation) return undefined;
  return 'the power tells next to nothing of it: the figure is what its running time would usually take';
}
