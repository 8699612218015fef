import { type Markup, markup } from '../markup.js';
import { coordinate } from './coordinate.js';
import type { Scale } from './scale.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through the points of each run; nothing is drawn across the gaps between runs. A run of one is a dot. */
export function line(
  runs: readonly (readonly Point[])[],
  look: string,
  title: string,
  x: Scale,
  y: Scale,
): Markup {
  const path = runs
    .filter((run) => run.length > 0)
    .map((run) => {
      const points = run.map((point) => `${coordinate(x.at(point.x))} ${coordinate(y.at(point.y))}`);
      return `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`;
    })
    .join('');
  return markup`<path class="line ${look}" d="${path}"><title>${title}</title></path>`;
}

/** A line through points that are pixels already. */
export function polyline(points: readonly Point[], look: string, title: string): Markup {
  if (points.length === 0) return markup``;
  const path = points.map(({ x, y }) => `${coordinate(x)} ${coordinate(y)}`).join('L');
  return markup`<path class="line ${look}" d="M${path}"><title>${title}</title></path>`;
}
