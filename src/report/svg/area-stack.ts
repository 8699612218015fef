import { type Markup, markup } from '../markup.js';
import { coordinate } from './coordinate.js';
import type { Scale } from './scale.js';

export interface Layer {
  /** What stands under the pointer. */
  readonly title: string;
  /** Class that colours it. */
  readonly look: string;
  /** One value a part of the time; what is not finite counts as nothing. */
  readonly values: Float64Array;
}

const positive = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;

/** The height of the stack over each part of the time. */
export function stackTops(layers: readonly Layer[], parts: number): Float64Array {
  const tops = new Float64Array(parts);
  for (const { values } of layers)
    for (let part = 0; part < parts; part++) tops[part] = (tops[part] ?? 0) + positive(values[part]);
  return tops;
}

/** The outline of steps over the parts, down to the foot of the scale. */
function steps(tops: Float64Array, edges: readonly number[], x: Scale, y: Scale): string {
  const foot = coordinate(y.at(0));
  const path = [`M${coordinate(x.at(edges[0] ?? 0))} ${foot}`];
  let height: string | undefined;
  for (const [part, top] of tops.entries()) {
    const next = coordinate(y.at(top));
    // A flat stretch is one line: its end moves on.
    if (next === height) path.pop();
    else path.push(`V${next}`);
    path.push(`H${coordinate(x.at(edges[part + 1] ?? 0))}`);
    height = next;
  }
  return `${path.join('')}V${foot}Z`;
}

/**
 * Layers upon one another as steps, the first at the foot: each part of the time, from `edges[i]` to `edges[i + 1]`, has
 * exactly the area that its values say. They are painted from the top down, each to the foot, so that no seams show.
 */
export function areaStack(layers: readonly Layer[], edges: readonly number[], x: Scale, y: Scale): Markup {
  const parts = Math.max(0, edges.length - 1);
  const painted = layers.map(({ title, look }, index) => {
    const tops = stackTops(layers.slice(0, index + 1), parts);
    return markup`<path class="${look}" d="${steps(tops, edges, x, y)}"><title>${title}</title></path>`;
  });
  return markup`<g>${parts === 0 ? [] : painted.reverse()}</g>`;
}
