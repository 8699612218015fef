import { median, robustLine } from '../../maths/index.js';
import type { LagPoint } from './lag-windows.js';

/** A stretch of time in which the lag is a straight line; it goes on until the next begins. */
export interface LagPiece {
  /** On the clock of the reference; the first begins at minus infinity. */
  readonly from: number;
  /** The lag at time 0, were it of this piece. */
  readonly lagSeconds: number;
  /** How fast it grows: 0 unless a clock runs fast or slow beyond doubt. */
  readonly slope: number;
}

/** How the lag goes on over a record: straight pieces, with a step between two. */
export type LagCourse = readonly [LagPiece, ...LagPiece[]];

/** A step that lies somewhere between two windows, and the lags on either side of it. */
export interface LagStep {
  readonly from: number;
  readonly to: number;
  readonly lagBefore: number;
  readonly lagAfter: number;
}

/** With fewer windows than this what looks like a drift may be chance. */
const LEAST_POINTS = 8;
/** A piece has at least so many, and one with a slope at least so many. */
const LEAST_OF_PIECE = 3;
const LEAST_OF_SLOPE = 5;
/** A slope or a step must be this many of its standard errors, and this part of a sample. */
const ERRORS = 5;
const SAMPLE_PART = 0.25;
/** What a figure more must save, in squares of the points' deviation. A step is two figures: how far, and where. */
const WORTH = ERRORS ** 2;
/** A point that is off by more deviations than this counts as one that is so far off: it may be a wrong lag. */
const WILD = 5;
/** What happens within a sample is not known: points are not better than this part of one. */
const LEAST_DEVIATION = 0.02;

interface Scale {
  /** Of one point. */
  readonly deviation: number;
  /** Steps and drifts below this are left alone. */
  readonly leastSeconds: number;
}

interface Fit {
  readonly pieces: readonly Omit<LagPiece, 'from'>[];
  /** The first point of the second piece. */
  readonly split?: number;
  readonly cost: number;
}

/**
 * The lag's course through windows of which some may be wrong: a line where a clock runs fast or slow, a step where it was
 * set. Undefined where neither is beyond doubt: then the lag is one figure. Steps lie between two points: `placeStep` finds
 * where.
 */
export function lagCourse(
  points: readonly LagPoint[],
  sampleSeconds: number,
  placeStep: (step: LagStep) => number,
): LagCourse | undefined {
  if (points.length < LEAST_POINTS) return undefined;
  const scale = { deviation: deviationOf(points, sampleSeconds), leastSeconds: SAMPLE_PART * sampleSeconds };
  const [first, ...others] = piecesOf(points, scale, placeStep);
  if (first === undefined || (others.length === 0 && first.slope === 0)) return undefined;
  return [first, ...others];
}

export const lagOf = ({ lagSeconds, slope }: Omit<LagPiece, 'from'>, at: number): number =>
  lagSeconds + slope * at;

export function lagAt(course: LagCourse, at: number): number {
  let piece: LagPiece = course[0];
  for (const next of course) if (next.from <= at) piece = next;
  return lagOf(piece, at);
}

/** The deviation of one point, by how much neighbours differ: neither a drift nor a step is in that. */
function deviationOf(points: readonly LagPoint[], sampleSeconds: number): number {
  const changes = points.slice(1).map(({ lagSeconds }, i) => lagSeconds - (points[i]?.lagSeconds ?? 0));
  const usual = median(changes);
  const scatter = (1.4826 * median(changes.map((change) => Math.abs(change - usual)))) / Math.SQRT2;
  return Math.max(
    scatter,
    median(points.map(({ errorSeconds }) => errorSeconds)),
    LEAST_DEVIATION * sampleSeconds,
  );
}

function piecesOf(
  points: readonly LagPoint[],
  scale: Scale,
  placeStep: (step: LagStep) => number,
): LagPiece[] {
  const whole = straight(points, scale);
  const parted = best(
    places(points).map((split): Fit => {
      const [before, after] = [straight(points.slice(0, split), scale), straight(points.slice(split), scale)];
      return {
        pieces: [...before.pieces, ...after.pieces],
        split,
        cost: before.cost + after.cost + 2 * WORTH,
      };
    }),
  );
  if (parted === undefined || parted.cost >= whole.cost || stepOf(parted, points) < scale.leastSeconds)
    return whole.pieces.map((piece) => ({ ...piece, from: Number.NEGATIVE_INFINITY }));
  const [left, right] = [points.slice(0, parted.split), points.slice(parted.split)];
  const from = placeStep(between(left, right, parted, scale));
  return [
    ...piecesOf(left, scale, placeStep),
    ...piecesOf(right, scale, placeStep).map((piece) => ({ ...piece, from: Math.max(piece.from, from) })),
  ];
}

/** From the last window that has the one lag to the first that has the other: those between may be wrong. */
function between(
  left: readonly LagPoint[],
  right: readonly LagPoint[],
  { pieces: [before, after] }: Fit,
  { deviation }: Scale,
): LagStep {
  const has =
    (piece: Fit['pieces'][number] | undefined) =>
    (point: LagPoint): boolean =>
      piece !== undefined && Math.abs(point.lagSeconds - lagOf(piece, point.at)) <= WILD * deviation;
  const from = left.findLast(has(before))?.at ?? left.at(-1)?.at ?? 0;
  const to = right.find(has(after))?.at ?? right[0]?.at ?? from;
  const middle = (from + to) / 2;
  return {
    from,
    to,
    lagBefore: before === undefined ? 0 : lagOf(before, middle),
    lagAfter: after === undefined ? 0 : lagOf(after, middle),
  };
}

/** One figure, or a line where that is worth it. */
function straight(points: readonly LagPoint[], scale: Scale): Fit {
  const flat = fitOf(
    points,
    { lagSeconds: median(points.map(({ lagSeconds }) => lagSeconds)), slope: 0 },
    scale,
  );
  if (points.length < LEAST_OF_SLOPE) return flat;
  const line = robustLine(
    points.map(({ at }) => at),
    points.map(({ lagSeconds }) => lagSeconds),
  );
  if (line === undefined) return flat;
  const { slope, offset } = line;
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const isDrift =
    Math.abs(slope.value) >= ERRORS * slope.standardError &&
    Math.abs(slope.value) * span >= scale.leastSeconds;
  const drifting = fitOf(points, { lagSeconds: offset.value, slope: slope.value }, scale);
  return isDrift && drifting.cost + WORTH < flat.cost ? { ...drifting, cost: drifting.cost + WORTH } : flat;
}

function fitOf(points: readonly LagPoint[], piece: Omit<LagPiece, 'from'>, { deviation }: Scale): Fit {
  let cost = 0;
  for (const { at, lagSeconds } of points)
    cost += Math.min(WILD ** 2, ((lagSeconds - lagOf(piece, at)) / deviation) ** 2);
  return { pieces: [piece], cost };
}

/** Where a step may be: before which points. */
const places = ({ length }: readonly LagPoint[]): number[] =>
  Array.from({ length: Math.max(0, length + 1 - 2 * LEAST_OF_PIECE) }, (_, i) => i + LEAST_OF_PIECE);

const best = (fits: readonly Fit[]): Fit | undefined =>
  fits.reduce<Fit | undefined>(
    (least, fit) => (fit.cost < (least?.cost ?? Infinity) ? fit : least),
    undefined,
  );

function stepOf({ pieces: [before, after], split = 0 }: Fit, points: readonly LagPoint[]): number {
  if (before === undefined || after === undefined) return 0;
  const at = ((points[split - 1]?.at ?? 0) + (points[split]?.at ?? 0)) / 2;
  return Math.abs(lagOf(after, at) - lagOf(before, at));
}
