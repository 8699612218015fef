import { PowerIntegral } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';
import type { AccountCarbon } from '../carbon-of-account.js';
import type { Scene } from '../observe.js';
import type { AccountWindow } from '../online/account-window.js';
import type { AttributeOptions } from '../options.js';
import { type BuiltRows, buildRows } from '../rows/build-rows.js';
import { SHARED_PRINCIPALS } from '../rows/shared-columns.js';
import type { Ticks } from '../rows/ticks.js';
import { usageByTick } from '../rows/usage-by-tick.js';
import type { SensorResponse } from '../sensor/sampling.js';
import { tickWindows } from '../tick-account/tick-parts.js';

export interface ReplayWindow extends BuiltRows {
  /** The whole record as one window. */
  readonly whole: AccountWindow;
}

/** A record as the account of a running machine would have been told it. */
export function replayWindow(
  trace: Trace,
  { series, idle }: Scene,
  response: SensorResponse,
  ticks: Ticks,
  options: AttributeOptions,
  carbon: AccountCarbon,
): ReplayWindow {
  const { usage, invocations } = trace;
  const names = SHARED_PRINCIPALS.filter((name) => usage?.principals.includes(name));
  // Shared principals are columns, and what they did is in their processor seconds.
  const nothing = new Float64Array(ticks.count);
  const { rows, report } = buildRows(invocations, ticks, { names, shares: names.map(() => nothing) });
  const { gramsPerKilowattHour: usual, pue } = carbon.machine;
  const rates = options.intensity?.ticks(ticks.start, ticks.tickSeconds, ticks.count).perKilowattHour;
  const seconds = ticks.count * ticks.tickSeconds;
  return {
    rows,
    report,
    whole: {
      rows,
      watts: new PowerIntegral(series).means(tickWindows(rows, response), 0, new Float64Array(rows.count)),
      idleWatts: new Float64Array(rows.count).fill(idle?.watts ?? Number.NaN),
      ...(usage && { cpuSeconds: cpuSecondsOf(usageByTick(usage, ticks), names) }),
      gramsPerKilowattHour: rates?.map((rate) => (Number.isNaN(rate) ? usual : rate)) ?? usual,
      ...(pue !== undefined && { pue }),
      ...(carbon.embodiedGrams !== undefined && { embodiedGramsPerSecond: carbon.embodiedGrams / seconds }),
    },
  };
}

function cpuSecondsOf(
  { functions, others }: ReturnType<typeof usageByTick>,
  shared: readonly string[],
): Map<string, Float64Array> {
  const all = new Map<string, Float64Array>();
  for (const [name, { cpuSeconds }] of functions) all.set(name, cpuSeconds);
  for (const name of shared) {
    const cpuSeconds = others.get(name)?.cpuSeconds;
    if (cpuSeconds !== undefined) all.set(name, cpuSeconds);
  }
  return all;
}
