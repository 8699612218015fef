import { quantileSorted, sorted } from '../../maths/index.js';
import type { ModelErrors, StageModelKind } from '../../model/index.js';
import type { CellFigure } from './cells.js';
import { studentPoint } from './variance.js';

/** A configuration that a model was not shown, and what the model said of it, in logarithms. */
export interface HeldOut {
  readonly group: number;
  readonly figure: CellFigure;
  readonly centre: number;
  readonly modelVariance: number;
  readonly repetitionVariance: number;
}

export interface JudgedKind {
  readonly kind: StageModelKind;
  readonly errors: ModelErrors;
  readonly widening: number;
}

/** A coverage of less than this is no chance any more, with 95 % promised. */
const LEAST_COVERAGE = 0.9;

/** Squares of errors in units of what the model said of them. */
const square = ({ figure, centre, modelVariance, repetitionVariance }: HeldOut): number =>
  (figure.centre - centre) ** 2 / (modelVariance + repetitionVariance / figure.count);

/** How much larger errors are than the model says; never less. */
const widen = (squares: number, count: number): number =>
  count > 0 ? Math.sqrt(Math.max(1, squares / count)) : 1;

/**
 * Errors and coverage of one kind of model. The intervals are widened by what the errors of the other configurations
 * ask for, so that a configuration has no say in its own interval.
 */
export function judgeKind(kind: StageModelKind, all: readonly HeldOut[], freedom: number): JudgedKind {
  const squares = all.map(square);
  const total = squares.reduce((sum, value) => sum + value, 0);
  const errors = sorted(
    all.map(({ figure, centre, repetitionVariance }) => {
      const said = Math.exp(centre + repetitionVariance / 2);
      return Math.abs(said - figure.mean) / figure.mean;
    }),
  );
  const point = studentPoint(freedom);
  let [within, count] = [0, 0];
  const groups = new Map<number, { squares: number; count: number }>();
  for (const [k, { group }] of all.entries()) {
    const own = groups.get(group) ?? { squares: 0, count: 0 };
    groups.set(group, { squares: own.squares + (squares[k] ?? 0), count: own.count + 1 });
  }
  for (const held of all) {
    const own = groups.get(held.group) ?? { squares: 0, count: 0 };
    const widening = widen(total - own.squares, all.length - own.count);
    const reach = point * Math.sqrt(widening ** 2 * held.modelVariance + held.repetitionVariance);
    count += held.figure.logarithms.length;
    within += held.figure.logarithms.filter((value) => Math.abs(value - held.centre) <= reach).length;
  }
  return {
    kind,
    errors: {
      median: quantileSorted(errors, 0.5),
      percentile90: quantileSorted(errors, 0.9),
      coverage: within / count,
    },
    widening: widen(total, all.length),
  };
}

/** What kinds are compared by: usual errors, large ones, and intervals that promise too much. Less is better. */
export const scoreOf = ({ median, percentile90, coverage }: ModelErrors): number =>
  median + percentile90 / 2 + Math.max(0, LEAST_COVERAGE - coverage) / 2;
