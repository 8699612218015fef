import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { AccountWindow } from './account-window.js';
import { checkRows } from './window.js';

const bad = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `window of the live account: ${message}`, { remedy });

/** Refuses a window whose columns don't fit together. */
export function checkWindow(window: AccountWindow): void {
  const {
    rows,
    watts,
    idleWatts,
    cpuSeconds,
    gramsPerKilowattHour,
    pue = 1,
    embodiedGramsPerSecond = 0,
  } = window;
  checkRows(rows);
  const byTick: [string, Float64Array][] = [
    ['watts', watts],
    ['idleWatts', idleWatts],
    ...Array.from(cpuSeconds ?? [], ([name, seconds]): [string, Float64Array] => [
      `cpuSeconds of ${name}`,
      seconds,
    ]),
  ];
  if (typeof gramsPerKilowattHour !== 'number') byTick.push(['gramsPerKilowattHour', gramsPerKilowattHour]);
  for (const [name, values] of byTick)
    if (values.length !== rows.count)
      throw bad(`${values.length} figures of ${name} for ${rows.count} ticks`, 'Give one figure a tick.');
  if (!(pue >= 1 && pue < Infinity)) throw bad(`a PUE of ${pue}`, 'It is 1 or more.');
  if (!(embodiedGramsPerSecond >= 0 && embodiedGramsPerSecond < Infinity))
    throw bad(`${embodiedGramsPerSecond} embodied grams a second`, 'Give 0 or more, or nothing.');
  const rates = typeof gramsPerKilowattHour === 'number' ? [gramsPerKilowattHour] : gramsPerKilowattHour;
  if (rates.length > 0 && !rates.some((rate: number) => rate >= 0 && rate < Infinity))
    throw bad('no tick has a grid intensity', 'Give grams of CO2e per kWh, a table’s if there is no better.');
}
