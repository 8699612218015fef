import type { AccountWindow, Rows, SharedColumns } from '../../../footprint/index.js';
import type { CarbonNow } from '../carbon/carbon-now.js';
import { functionOf, SYSTEM_KEY } from '../observe/principals.js';
import type { MachineTick } from './machine-tick.js';

/** Who works for everybody: columns beside the functions, in this order. */
const SHARED = ['control-plane', 'os', 'wattloop'] as const;

/** Shared principals' parts of the machine's busy time, tick by tick; only those that anything is known of. */
export function sharedOf(ticks: readonly MachineTick[]): SharedColumns {
  const names = SHARED.filter((name) => ticks.some(({ cpuSeconds }) => cpuSeconds.has(name)));
  const shares = names.map((name) =>
    Float64Array.from(ticks, ({ cpuSeconds }) => {
      const whole = cpuSeconds.get(SYSTEM_KEY);
      if (whole === undefined) return Number.NaN;
      return whole > 0 ? Math.min(1, (cpuSeconds.get(name) ?? 0) / whole) : 0;
    }),
  );
  return { names, shares };
}

const wattsOf = (joules: number | undefined, seconds: number): number =>
  joules === undefined ? Number.NaN : joules / seconds;

/** A window as the account's arithmetic wants it. `metered` are functions whose CPU time is known: what is not told is 0. */
export function windowInput(
  rows: Rows,
  ticks: readonly MachineTick[],
  metered: ReadonlySet<string>,
  carbon: CarbonNow,
): AccountWindow {
  const cpuSeconds = new Map<string, Float64Array>();
  for (const name of metered) cpuSeconds.set(name, new Float64Array(ticks.length));
  for (const name of rows.columns.slice(rows.functionCount))
    cpuSeconds.set(name, new Float64Array(ticks.length));
  for (const [tick, amounts] of ticks.entries()) {
    for (const [key, seconds] of amounts.cpuSeconds) {
      const column = cpuSeconds.get(functionOf(key) ?? key);
      if (column) column[tick] = seconds;
    }
  }
  const { gramsPerKilowattHour, pue, embodiedGramsPerSecond } = carbon;
  return {
    rows,
    watts: Float64Array.from(ticks, ({ joules }) => wattsOf(joules, rows.tickSeconds)),
    idleWatts: Float64Array.from(ticks, ({ idleJoules }) => wattsOf(idleJoules, rows.tickSeconds)),
    cpuSeconds,
    gramsPerKilowattHour,
    pue,
    ...(embodiedGramsPerSecond !== undefined && { embodiedGramsPerSecond }),
  };
}
