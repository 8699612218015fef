import type { Configuration, Difference, MetricName, RepeatedFigure } from '../model/index.js';
import { grams, joules, percent, seconds } from './terminal/figures.js';
import { dollars } from './terminal/money.js';
import { withError } from './terminal/with-error.js';

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** `4 workers, 1 CPU, 256 MiB`. */
export const configurationText = ({ workers, cpu, memoryMib }: Configuration): string =>
  `${count(workers, 'worker')}, ${count(Number(cpu.toPrecision(3)), 'CPU')}, ${Number(memoryMib.toPrecision(5))} MiB`;

const WRITE: Readonly<Record<MetricName, (value: number | undefined) => string>> = {
  time: seconds,
  energy: joules,
  cost: dollars,
  carbon: grams,
};

/** A value of a metric in its unit. */
export const metricText = (metric: MetricName, value: number | undefined): string => WRITE[metric](value);

/** A round value at a tick: without the zeros that say how exact a figure is. */
export const tickText =
  (metric: MetricName) =>
  (value: number): string =>
    value === 0
      ? '0'
      : metricText(metric, value)
          .replace(/(\.\d*?)0+(?= |$)/, '$1')
          .replace(/\.(?= |$)/, '');

const UNITS: Readonly<Record<Exclude<MetricName, 'cost'>, string>> = { time: 's', energy: 'J', carbon: 'g' };

/** A mean and half its 95 % interval: `1.23 ± 0.04 s`. */
export function meanText(metric: MetricName, figure: RepeatedFigure | undefined): string {
  if (figure === undefined) return '-';
  const { mean, confidence95 } = figure.statistics;
  if (metric !== 'cost') return withError(mean, confidence95, UNITS[metric]);
  return confidence95 === undefined || confidence95 <= 1e-3 * Math.abs(mean)
    ? dollars(mean)
    : `${dollars(mean)} ± ${percent(confidence95 / Math.abs(mean), 1)}`;
}

/** `0.012`, or `< 0.001`. */
export const pText = (p: number): string => (p < 0.001 ? '< 0.001' : p.toPrecision(2));

const signed = (value: number, digits: number): string => `${value > 0 ? '+' : ''}${percent(value, digits)}`;

/** A ratio as a change: `+12.3 %`, or as a multiple where it is more than double. */
export function changeText(ratio: number): string {
  if (ratio > 3) return `×${ratio.toPrecision(3)}`;
  return signed(ratio - 1, Math.abs(ratio - 1) < 0.1 ? 1 : 0);
}

/** The change and its 95 % interval: `-12 % (-15 % to -9.0 %)`. */
export function ratioText({ ratio }: Difference): string {
  if (ratio === undefined) return '-';
  return ratio.low === ratio.high
    ? changeText(ratio.value)
    : `${changeText(ratio.value)} (${changeText(ratio.low)} to ${changeText(ratio.high)})`;
}

const effectNumber = (value: number): string =>
  Math.abs(value) < 10
    ? value.toFixed(2)
    : Math.abs(value) < 1000
      ? value.toFixed(0)
      : value.toExponential(0);

/** Cohen's d with Hedges' correction, its word and its 95 % interval: `1.20 large (0.30 to 2.05)`. */
export function effectText({ effect, effectWord, t }: Difference): string {
  // Without any spread an effect is none, or beyond all measure.
  if (effect === undefined) return t === 0 ? 'none' : 'no spread';
  const { hedgesG, low, high } = effect;
  const interval =
    low === undefined || high === undefined ? '' : ` (${effectNumber(low)} to ${effectNumber(high)})`;
  return `${effectNumber(hedgesG)} ${effectWord}${interval}`;
}
