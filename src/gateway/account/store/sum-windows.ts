import type { FootprintWindow, FunctionWindow } from '../../../model/index.js';

type Sums = { -readonly [Name in keyof FunctionWindow]: FunctionWindow[Name] };

const REQUIRED = [
  'calls',
  'errors',
  'cold',
  'callSeconds',
  'individualJoules',
  'controlPlaneJoules',
  'idleJoules',
  'operationalGrams',
] as const;
/** What only some windows tell is the sum of those that do. */
const IF_KNOWN = ['cpuSeconds', 'embodiedGrams'] as const;

function addFunction(sum: Sums, window: FunctionWindow): void {
  for (const name of REQUIRED) sum[name] += window[name];
  for (const name of IF_KNOWN) {
    const amount = window[name];
    if (amount !== undefined) sum[name] = (sum[name] ?? 0) + amount;
  }
}

/** Several windows as one, over the time that they cover; undefined of none. */
export function sumWindows(windows: readonly FootprintWindow[], only?: string): FootprintWindow | undefined {
  if (windows.length === 0) return undefined;
  const functions = new Map<string, Sums>();
  const principalJoules: Record<string, number> = {};
  const total = (pick: (window: FootprintWindow) => number): number =>
    windows.reduce((sum, window) => sum + pick(window), 0);
  for (const window of windows) {
    for (const [name, joules] of Object.entries(window.principalJoules)) {
      principalJoules[name] = (principalJoules[name] ?? 0) + joules;
    }
    for (const each of window.functions) {
      if (only !== undefined && each.function !== only) continue;
      const sum = functions.get(each.function);
      if (sum) addFunction(sum, each);
      else functions.set(each.function, { ...each });
    }
  }
  const measuredJoules = total((window) => window.measuredJoules);
  return {
    from: Math.min(...windows.map(({ from }) => from)),
    to: Math.max(...windows.map(({ to }) => to)),
    measuredJoules,
    individualJoules: total((window) => window.individualJoules),
    controlPlaneJoules: total((window) => window.controlPlaneJoules),
    idleJoules: total((window) => window.idleJoules),
    unattributedJoules: total((window) => window.unattributedJoules),
    principalJoules,
    // As the energy met it; of no energy, as time did.
    gramsPerKilowattHour:
      measuredJoules > 0
        ? total((window) => window.gramsPerKilowattHour * window.measuredJoules) / measuredJoules
        : total((window) => window.gramsPerKilowattHour * (window.to - window.from)) /
          total((window) => window.to - window.from),
    functions: [...functions.values()],
  };
}
