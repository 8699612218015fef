import { type Markup, markup } from '../markup.js';
import { coordinate } from './coordinate.js';
import type { Scale } from './scale.js';

export interface Axis {
  readonly scale: Scale;
  readonly label: string;
  write(value: number): string;
}

const GAP = 8;

/** Horizontal lines at the ticks of a vertical axis, with their values to the left and the axis' name above. */
export function verticalAxis({ scale, label, write }: Axis, left: number, right: number): Markup {
  const [x1, x2] = [coordinate(left), coordinate(right)];
  const lines = scale.ticks.map((tick) => {
    const y = coordinate(scale.at(tick));
    return markup`<line class="${tick === 0 ? 'foot' : 'grid'}" x1="${x1}" x2="${x2}" y1="${y}" y2="${y}"/>
<text class="tick" x="${coordinate(left - GAP)}" y="${y}" dy="0.32em" text-anchor="end">${write(tick)}</text>`;
  });
  return markup`<g>${lines}<text class="axis" x="${coordinate(left - GAP)}" y="${coordinate(scale.end - 14)}" text-anchor="end">${label}</text></g>`;
}

/** Ticks under a horizontal axis with their values, and the axis' name at its end. */
export function horizontalAxis(
  { scale, label, write }: Axis,
  top: number,
  bottom: number,
  grid: boolean,
): Markup {
  const ticks = scale.ticks.map((tick) => {
    const x = coordinate(scale.at(tick));
    const from = coordinate(grid ? top : bottom);
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="${from}" y2="${coordinate(bottom + 4)}"/>
<text class="tick" x="${x}" y="${coordinate(bottom + 18)}" text-anchor="middle">${write(tick)}</text>`;
  });
  return markup`<g>${ticks}<text class="axis" x="${coordinate(scale.end)}" y="${coordinate(bottom + 36)}" text-anchor="end">${label}</text></g>`;
}

interface PlacedText {
  readonly at: number;
  readonly text: string;
}

/** Names under a horizontal axis whose places aren't those of a scale, and the axis' own name at its end. */
export function horizontalLabels(places: readonly PlacedText[], bottom: number, name: PlacedText): Markup {
  const drawn = places.map(
    ({ at, text }) =>
      markup`<text class="tick" x="${coordinate(at)}" y="${coordinate(bottom + 18)}" text-anchor="middle">${text}</text>`,
  );
  return markup`<g>${drawn}<text class="axis" x="${coordinate(name.at)}" y="${coordinate(bottom + 38)}" text-anchor="end">${name.text}</text></g>`;
}
