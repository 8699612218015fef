import type { Trace } from '../../model/index.js';
import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import type { FunctionAccount, InseparableGroup } from '../account.js';
import { functionCarbon } from '../carbon/function-carbon.js';
import type { AccountCarbon } from '../carbon-of-account.js';
import { othersIn, tallyInvocations } from '../function-accounts.js';
import { invocationScatter } from '../invocation-scatter.js';
import { FLOOR_ERROR } from '../law-error.js';
import type { LoadBasis } from '../online/account-window.js';
import type { AttributeOptions } from '../options.js';
import type { Rows } from '../rows/rows.js';
import { FootprintKind, totalJoules } from '../shares/kind.js';
import type { FunctionSums, ReplaySums } from './replay-sums.js';

export interface ReplayFunctionsInput {
  readonly trace: Trace;
  readonly options: AttributeOptions;
  readonly rows: Rows;
  readonly sums: ReplaySums;
  readonly carbon: AccountCarbon;
  /** Functions that can't be told apart, by index. */
  readonly groups: readonly (readonly number[])[];
}

export interface ReplayFunctions {
  readonly functions: readonly FunctionAccount[];
  readonly groups: readonly InseparableGroup[];
  /** The index of each function among the trace's. */
  readonly places: readonly number[];
}

/**
 * What the model leaves unsaid, as a part of energies: deviations from the truth on laboratory machines
 * (`npm run bench -- online-accuracy`) that errors of powers don't explain.
 */
const MODEL_ERROR: Readonly<Record<LoadBasis, number>> = { processors: 0.15, calls: 0.35 };
/** The same of marginal energies: a window's load says less of a machine that is emptier than it was. */
const MARGINAL_ERROR = 0.25;

/** Each function's account, per invocation, in the trace's order; those that didn't run are left out. */
export function replayFunctions(input: ReplayFunctionsInput): ReplayFunctions {
  const { trace, options, rows, sums, carbon } = input;
  const { invocations } = trace;
  const seconds = rows.count * rows.tickSeconds;
  const { counts, latencies } = tallyInvocations(invocations, rows.start, rows.start + seconds);
  const ran = new Float64Array(counts.length);
  for (const [p, f] of rows.column.entries())
    if (f < ran.length) ran[f] = (ran[f] ?? 0) + (rows.seconds[p] ?? 0);
  const scatter = invocationScatter(invocations, rows, sums.entryJoules);
  const groupOf = new Map(input.groups.flatMap((group) => group.map((f) => [f, group] as const)));
  const present = Array.from(counts.keys()).flatMap((f) => {
    const own = sums.functions.get(invocations.functions[f] ?? '');
    return (counts[f] ?? 0) > 0 && own !== undefined ? [{ f, n: counts[f] ?? 1, own }] : [];
  });
  const emissions = functionCarbon(
    present.map(({ f, n, own }) => ({
      name: invocations.functions[f] ?? '',
      invocations: n,
      meanLatencySeconds: latencies[f] ?? 0,
      totalJoules: wholeOf(own) / n,
      gramsPerKilowattHour: intensityMet(own, carbon),
      ...(carbon.embodiedGrams !== undefined && {
        embodiedShare: own.embodiedGrams / (carbon.embodiedGrams || 1),
      }),
    })),
    seconds,
    carbon.machine,
  );
  const functions = present.map(({ f, n, own }, i): FunctionAccount => {
    const parts = {
      individualJoules: own.individualJoules / n,
      floorJoules: own.floorJoules / n,
      controlPlaneJoules: own.controlPlaneJoules / n,
      idleJoules: own.idleJoules / n,
    };
    const group = groupOf.get(f);
    const unsure = relativeError(own);
    const modelError = MODEL_ERROR[sums.basis];
    const isTold = group === undefined && !Number.isNaN(own.marginalJoules);
    const individualErrorJoules = Math.hypot(
      unsure * (parts.individualJoules - parts.floorJoules),
      modelError * parts.individualJoules,
      FLOOR_ERROR * parts.floorJoules,
    );
    const variation = scatter[f] ?? Number.NaN;
    const gases = emissions[i];
    const running = ran[f] ?? 0;
    return {
      name: invocations.functions[f] ?? '',
      invocations: n,
      meanLatencySeconds: latencies[f] ?? 0,
      powerWatts: running > 0 ? own.individualJoules / running : 0,
      powerErrorWatts: running > 0 ? (individualErrorJoules * n) / running : 0,
      ...parts,
      individualErrorJoules,
      totalJoules: totalJoules(options.kind ?? FootprintKind.shapley, parts),
      ...(isTold && {
        marginalJoules: own.marginalJoules / n,
        marginalErrorJoules: (Math.hypot(unsure, MARGINAL_ERROR) * own.marginalJoules) / n,
      }),
      ...(group !== undefined && { remark: `always ran together with ${othersIn(group, f, invocations)}` }),
      operationalGrams: gases?.operationalGrams ?? 0,
      ...(gases?.embodiedGrams !== undefined && { embodiedGrams: gases.embodiedGrams }),
      carbonGrams: gases?.carbonGrams ?? 0,
      sciGrams: gases?.sciGrams ?? 0,
      ...(Number.isFinite(variation) && { cov: variation }),
    };
  });
  return { functions, places: present.map(({ f }) => f), groups: groupsOf(input) };
}

const wholeOf = ({ individualJoules, controlPlaneJoules, idleJoules }: FunctionSums): number =>
  individualJoules + controlPlaneJoules + idleJoules;

/** Grams per kWh that its energy met, window by window. */
function intensityMet(own: FunctionSums, { machine }: AccountCarbon): number {
  const joules = wholeOf(own) * (machine.pue ?? 1);
  return joules > 0
    ? (own.operationalGrams / joules) * JOULES_PER_KILOWATT_HOUR
    : machine.gramsPerKilowattHour;
}

/** How unsure its power is, as a part of it; all of it where there is none. */
function relativeError({ last: { wattsPerCall, standardError } }: FunctionSums): number {
  if (standardError === undefined) return 0;
  return wattsPerCall > standardError ? standardError / wattsPerCall : 1;
}

function groupsOf({ groups, trace, sums }: ReplayFunctionsInput): InseparableGroup[] {
  const { functions } = trace.invocations;
  return groups.map((group) => {
    const of = (part: (one: FunctionSums) => number): number =>
      group.reduce((sum, f) => {
        const own = sums.functions.get(functions[f] ?? '');
        return sum + (own === undefined ? 0 : part(own));
      }, 0);
    const individualJoules = of((own) => own.individualJoules);
    return {
      functions: group.map((f) => functions[f] ?? ''),
      individualJoules,
      errorJoules: Math.hypot(
        MODEL_ERROR[sums.basis] * individualJoules,
        FLOOR_ERROR * of((own) => own.floorJoules),
      ),
      reason: 'they always ran at the same times: the power tells their sum, not how it is divided',
    };
  });
}
