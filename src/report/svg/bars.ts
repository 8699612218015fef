import { type Markup, markup } from '../markup.js';
import { coordinate } from './coordinate.js';
import type { Scale } from './scale.js';

export interface BarPart {
  readonly value: number;
  readonly look: string;
  readonly title: string;
}

/** A figure with its error, as a dot with whiskers. */
export interface Whisker {
  readonly value: number;
  readonly error: number;
  readonly title: string;
}

const positive = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

/** Parts one after another along a horizontal scale. */
export function stackedBar(parts: readonly BarPart[], scale: Scale, y: number, height: number): Markup {
  let sum = 0;
  return markup`<g>${parts.map(({ value, look, title }) => {
    const x = scale.at(sum);
    sum += positive(value);
    const width = scale.at(sum) - x;
    if (width <= 0) return undefined;
    return markup`<rect class="${look}" x="${coordinate(x)}" y="${coordinate(y)}" width="${coordinate(Math.max(width, 0.1))}" height="${coordinate(height)}"><title>${title}</title></rect>`;
  })}</g>`;
}

/** A dot at the value with a line of one error to either side, cut at the scale's ends. */
export function whisker({ value, error, title }: Whisker, scale: Scale, y: number): Markup {
  const within = (amount: number): string =>
    coordinate(scale.at(Math.min(scale.to, Math.max(scale.from, amount))));
  const [x, left, right] = [within(value), within(value - error), within(value + error)];
  const [at, cap] = [coordinate(y), 4];
  return markup`<g><title>${title}</title><path class="whisker" d="M${left} ${at}H${right}M${left} ${coordinate(y - cap)}v8M${right} ${coordinate(y - cap)}v8"/><circle class="dot" cx="${x}" cy="${at}" r="4"/></g>`;
}
