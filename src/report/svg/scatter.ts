import { type Markup, markup } from '../markup.js';
import { coordinate } from './coordinate.js';

/** A mark in pixels. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly look: string;
  /** What stands under the pointer. */
  readonly title: string;
  readonly radius?: number;
}

/** Points as they were seen; those whose `look` has it are drawn hollow. */
export const dots = (all: readonly Dot[]): Markup =>
  markup`<g>${all.map(
    ({ x, y, look, title, radius = 2.6 }) =>
      markup`<circle class="${look}" cx="${coordinate(x)}" cy="${coordinate(y)}" r="${radius}"><title>${title}</title></circle>`,
  )}</g>`;

/** From low to high, in pixels. */
export interface Reach {
  readonly from: number;
  readonly to: number;
}

const CAP = 4;

/** Lines to either side of a point with caps at their ends: along the one axis, the other, or both. */
export function errorBars(x: number, y: number, look: string, across?: Reach, upright?: Reach): Markup {
  const [atX, atY] = [coordinate(x), coordinate(y)];
  const level =
    across === undefined
      ? ''
      : [
          `M${coordinate(across.from)} ${atY}H${coordinate(across.to)}`,
          ...[across.from, across.to].map((end) => `M${coordinate(end)} ${coordinate(y - CAP)}v${2 * CAP}`),
        ].join('');
  const tall =
    upright === undefined
      ? ''
      : [
          `M${atX} ${coordinate(upright.from)}V${coordinate(upright.to)}`,
          ...[upright.from, upright.to].map((end) => `M${coordinate(x - CAP)} ${coordinate(end)}h${2 * CAP}`),
        ].join('');
  return level === '' && tall === '' ? markup`` : markup`<path class="error ${look}" d="${level}${tall}"/>`;
}

/** Words beside a point, in pixels. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

const SIGN = 6.4;
const LINE = 12;
const GAP = 8;
const RADIUS = 5;
/** Above or below the point, so that a label doesn't cover its interval; further off where points crowd. */
const SHIFTS: readonly number[] = [-14, 14, -22, 22, -34, 34];

interface Box {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < LINE;

/** The room that labels have, and the points that they may not cover. */
export interface LabelRoom {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Labels beside their points, where there is room; those that would cover another or a point are left out, the first come first. */
export function labels(all: readonly Label[], { left, right, top, bottom, points }: LabelRoom): Markup {
  const placed: Box[] = points.map(({ x, y }) => ({ left: x - RADIUS, right: x + RADIUS, y }));
  const drawn = all.flatMap(({ x, y, text }) => {
    const width = text.length * SIGN;
    const sides = [
      { anchor: 'start', at: x + GAP, left: x + GAP, right: x + GAP + width },
      { anchor: 'end', at: x - GAP, left: x - GAP - width, right: x - GAP },
    ];
    for (const up of SHIFTS)
      for (const side of sides) {
        const box = { left: side.left, right: side.right, y: y + up };
        const isInside = box.left >= left && box.right <= right && box.y >= top && box.y <= bottom;
        if (!isInside || placed.some((other) => overlaps(box, other))) continue;
        placed.push(box);
        return [
          markup`<text class="name" x="${coordinate(side.at)}" y="${coordinate(y + up)}" dy="0.32em" text-anchor="${side.anchor}">${text}</text>`,
        ];
      }
    return [];
  });
  return markup`<g>${drawn}</g>`;
}
