import type { InvocationTable, TraceTruth } from '../../model/index.js';
import type { AccountCourse, FunctionAccount } from '../account.js';
import { compare, type Estimated, told } from './compare.js';
import { absent, type Figure, figure } from './figure.js';
import type { Energies } from './pairs.js';
import { rSquared } from './r-squared.js';
import { meanWindowError, totalError } from './total-error.js';
import type { Validation } from './validation.js';
import { coefficientOfVariation, type FunctionScatter, latencyNormalizedVariance } from './variation.js';
import { scatterOf } from './window-energy.js';

/** What of an account is judged. */
export interface Judged {
  readonly functions: readonly Pick<
    FunctionAccount,
    | 'name'
    | 'meanLatencySeconds'
    | 'individualJoules'
    | 'individualErrorJoules'
    | 'marginalJoules'
    | 'marginalErrorJoules'
  >[];
  readonly course: Pick<AccountCourse, 't' | 'measuredWatts' | 'predictedWatts' | 'functionWatts'>;
}

export interface ValidateOptions {
  /** Their latencies are needed for the scatter of energies. */
  readonly invocations?: InvocationTable;
  /** Length of the windows by which errors over time are told. */
  readonly windowSeconds?: number;
}

const DEFAULT_WINDOW_SECONDS = 60;

/** Judges an account by its references, where there are any, and by what it predicts. */
export function validate(
  account: Judged,
  truth: TraceTruth | undefined,
  { invocations, windowSeconds = DEFAULT_WINDOW_SECONDS }: ValidateOptions = {},
): Validation {
  const references = Object.entries(truth?.functions ?? {});
  const marginal = referencesOf(references.map(([name, { marginalJoules }]) => [name, marginalJoules]));
  const individual = referencesOf(references.map(([name, { individualJoules }]) => [name, individualJoules]));
  const [hasMarginal, hasIndividual] = [marginal, individual].map((of) => Object.keys(of).length > 0);
  const byIndividual = () => compare('individual', account.functions.map(individualOf), individual);
  const primary =
    hasMarginal || !hasIndividual
      ? compare('marginal', account.functions.map(marginalOf), marginal)
      : byIndividual();

  const scatter = invocations && scatterOf(names(account), account.course, invocations, windowSeconds);
  const { values, absent: unknown } = told({
    totalError: totalError(account.course),
    windowError: meanWindowError(account.course, ticksIn(windowSeconds, account.course.t)),
    r2: rSquared(account.course),
    latencyNormalizedVariance: ofScatter(scatter, latencyNormalizedVariance),
    coefficientOfVariation: ofScatter(scatter, meanVariation),
  });
  return {
    ...primary,
    ...(hasMarginal && hasIndividual ? { individual: byIndividual() } : {}),
    ...values,
    windowSeconds,
    absent: { ...primary.absent, ...unknown },
  };
}

const names = ({ functions }: Judged): string[] => functions.map(({ name }) => name);

type JudgedFunction = Judged['functions'][number];

const marginalOf = ({ marginalJoules, marginalErrorJoules, ...rest }: JudgedFunction): Estimated => ({
  name: rest.name,
  meanLatencySeconds: rest.meanLatencySeconds,
  joules: marginalJoules,
  errorJoules: marginalErrorJoules,
});

const individualOf = ({ individualJoules, individualErrorJoules, ...rest }: JudgedFunction): Estimated => ({
  name: rest.name,
  meanLatencySeconds: rest.meanLatencySeconds,
  joules: individualJoules,
  errorJoules: individualErrorJoules,
});

function referencesOf(entries: readonly (readonly [string, number | undefined])[]): Energies {
  const record: Record<string, number> = Object.create(null);
  for (const [name, joules] of entries) if (joules !== undefined) record[name] = joules;
  return record;
}

function ticksIn(seconds: number, t: Float64Array): number {
  const tick = ((t.at(-1) ?? 0) - (t[0] ?? 0)) / Math.max(1, t.length - 1);
  return tick > 0 ? Math.max(1, Math.round(seconds / tick)) : 1;
}

function ofScatter(
  scatter: readonly FunctionScatter[] | undefined,
  of: (scatter: readonly FunctionScatter[]) => Figure,
): Figure {
  return scatter === undefined ? absent('the latencies of invocations are not known') : of(scatter);
}

/** Mean over functions of their energies' coefficient of variation. */
function meanVariation(scatter: readonly FunctionScatter[]): Figure {
  const known = scatter
    .map(({ windowJoules }) => coefficientOfVariation(windowJoules))
    .flatMap((found) => ('value' in found ? [found.value] : []));
  if (known.length === 0) return absent('no function ran in two windows');
  return figure(known.reduce((sum, value) => sum + value, 0) / known.length);
}
