import { type Extrapolation, STAGE_DIMENSIONS, type StageDimension } from '../../model/index.js';
import { isWithinHull } from './hull.js';
import type { StagePoint } from './prediction-input.js';
import type { StageModelData } from './stage-model.js';

const NAMES: Readonly<Record<StageDimension, string>> = {
  cpu: 'cpu',
  memoryMib: 'memory',
  workers: 'workers',
  work: 'work',
};
const UNITS: Readonly<Partial<Record<StageDimension, string>>> = { memoryMib: ' MiB' };
/** Rounding, and what is the same for all that anyone knows. */
const SLACK = 1e-6;
/** Beyond this many of its lengths a Gaussian process knows next to nothing. */
const FAR = 2;

/** In what a point lies beyond what a model has seen; undefined where it doesn't, as where it was seen itself. */
export function extrapolationOf(
  { seen, cells, isWorkCounted }: Pick<StageModelData, 'seen' | 'cells' | 'isWorkCounted'>,
  point: StagePoint,
  isSeen: boolean,
  distance?: number,
): Extrapolation | undefined {
  if (isSeen) return undefined;
  const outside = STAGE_DIMENSIONS.flatMap((name) => {
    const [low, high] = seen[name];
    const value = point[name];
    if (name === 'work' && !isWorkCounted) return [];
    return value < low * (1 - SLACK) || value > high * (1 + SLACK) ? [{ name, value, low, high }] : [];
  });
  if (outside.length > 0) {
    const reasons = outside.map(({ name, value, low, high }) => {
      const unit = UNITS[name] ?? '';
      const range =
        low === high ? `only ${round(low)}${unit} was` : `${round(low)} to ${round(high)}${unit} were`;
      return `${NAMES[name]} ${round(value)}${unit}: ${range} seen`;
    });
    return { dimensions: outside, reason: reasons.join('; ') };
  }
  const varied = STAGE_DIMENSIONS.filter((name) => seen[name][1] > seen[name][0]);
  const place = (at: StagePoint): number[] =>
    varied.map((name) => Math.log(at[name] / seen[name][0]) / Math.log(seen[name][1] / seen[name][0]));
  if (varied.length > 1 && !isWithinHull(cells.map(place), place(point))) {
    const combination = varied.map((name) => `${NAMES[name]} ${round(point[name])}${UNITS[name] ?? ''}`);
    return {
      dimensions: [],
      reason: `${combination.join(' with ')}: each was seen, but no combinations around this one`,
    };
  }
  if (distance !== undefined && distance > FAR)
    return { dimensions: [], reason: 'no configuration seen is near enough to say anything of this one' };
  return undefined;
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
