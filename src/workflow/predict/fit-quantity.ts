import { fitGaussianProcess, GaussianProcess, type GaussianProcessModel, median } from '../../maths/index.js';
import type { StageModelKind } from '../../model/index.js';
import type { Cell, CellFigure } from './cells.js';
import { fitLaw, type Law, type LawRows, lawValue, lawVariance, usableTerms } from './law.js';
import { gaussianInput, type KeptLaw, type QuantityModel } from './quantity-model.js';
import type { TermName } from './terms.js';
import { type HeldOut, type JudgedKind, judgeKind, scoreOf } from './validate.js';
import { configurationVariance, repetitionVariance } from './variance.js';

export interface QuantityRows {
  readonly terms: readonly TermName[];
  readonly cells: readonly Cell[];
  /** By cell; only cells where the quantity is known. */
  readonly figures: readonly (CellFigure | undefined)[];
  /** By cell: the terms' values that the coefficients are learnt from. */
  readonly learnt: readonly Float64Array[];
  /** The same as the model will have them when it predicts; what was learnt from may have been seen rather than predicted. */
  readonly predicted: readonly Float64Array[];
  /** The same where the cell's configuration had not been seen. */
  readonly heldOut: readonly Float64Array[];
  /** Whether a Gaussian process is one of the kinds. */
  readonly tryProcess: boolean;
}

export interface QuantityFit {
  readonly model: QuantityModel;
  /** By cell: what the law says when the cell's configuration is left out; NaN where that wasn't tried. */
  readonly heldOutLaw: Float64Array;
}

/** Fewer configurations than this can't be left out one by one. */
const LEAST_CONFIGURATIONS = 3;
/** A process has a length for each dimension to learn. */
const LEAST_FOR_PROCESS = 6;
/** Up to so many, a fold learns the process's hyperparameters anew. */
const RELEARNT = 20;
/** Up to so many, its hyperparameters are looked for from two places: more points leave less doubt. */
const MANY = 30;
/** The mixed model stays unless another is better by this part: it knows most of what was seen. */
const MARGIN = 0.1;
/** No variance is less: figures that repeat exactly would else be followed exactly. */
const LEAST_VARIANCE = 1e-8;

/** Fits all kinds of models of one quantity, judges each by configurations left out, and keeps the best. */
export function fitQuantity(rows: QuantityRows): QuantityFit | undefined {
  const known = [...rows.cells.keys()].filter((i) => rows.figures[i] !== undefined);
  if (known.length === 0) return undefined;
  const fit = new QuantityFitting(rows, known);
  return fit.result();
}

class QuantityFitting {
  readonly #rows: QuantityRows;
  readonly #known: readonly number[];
  readonly #groups: readonly number[];
  readonly #usualCount: number;
  readonly #learnt: readonly Float64Array[];
  readonly #values: Float64Array;
  readonly #terms: readonly number[];
  readonly #repetitions: { readonly variance: number; readonly freedom: number };

  constructor(rows: QuantityRows, known: readonly number[]) {
    this.#rows = rows;
    this.#known = known;
    this.#groups = [...new Set(known.map((i) => rows.cells[i]?.group ?? 0))];
    const { variance, freedom } = repetitionVariance(known.flatMap((i) => rows.figures[i] ?? []));
    this.#usualCount = median(known.map((i) => this.#figure(i).count));
    this.#learnt = known.map((i) => this.#row(rows.learnt, i));
    this.#values = Float64Array.from(known, (i) => Math.exp(this.#figure(i).centre));
    this.#terms = usableTerms({ features: this.#learnt, variances: new Float64Array(known.length).fill(1) });
    this.#repetitions = { variance: Math.max(variance, LEAST_VARIANCE), freedom };
  }

  #figure(i: number): CellFigure {
    return this.#rows.figures[i] ?? { count: 0, centre: Number.NaN, mean: Number.NaN, logarithms: [] };
  }

  #row(table: readonly Float64Array[], i: number): Float64Array {
    return table[i] ?? new Float64Array(0);
  }

  /** Rows for a law; those of a group that is left out have no say. */
  #lawRows(spread: number, without?: number): LawRows {
    return {
      features: this.#learnt,
      terms: this.#terms,
      values: this.#values,
      variances: Float64Array.from(this.#known, (i) =>
        this.#rows.cells[i]?.group === without
          ? Number.POSITIVE_INFINITY
          : spread + this.#repetitions.variance / this.#figure(i).count,
      ),
    };
  }

  /** By cell that is known: the logarithm of what was seen over what the law says. */
  #residuals(law: Law): number[] {
    return this.#known.map(
      (i) =>
        this.#figure(i).centre - Math.log(lawValue(law.coefficients, this.#row(this.#rows.predicted, i))),
    );
  }

  /** The law with each configuration as good as any other, and the spread of samples around it. */
  #analytic(without?: number, guess?: Float64Array, rounds?: number): Spread {
    // A spread far above that of repetitions makes all rows equal.
    const spread = this.#spread(fitLaw(this.#lawRows(1, without), guess, rounds), without);
    // The coefficients' errors are for a variance of 1 so far.
    const own = spread.variance + this.#repetitions.variance / this.#usualCount;
    const covariance = spread.law.covariance.map((value) => value * own);
    return { ...spread, law: { ...spread.law, covariance } };
  }

  /** Configurations that were repeated often count more, as far as repetitions are what keeps them from the law. */
  #mixed(start: Spread, without?: number, rounds?: number): Spread {
    const guess = Float64Array.from(this.#known, (i) =>
      lawValue(start.law.coefficients, this.#row(this.#rows.learnt, i)),
    );
    const law = fitLaw(this.#lawRows(Math.max(start.variance, LEAST_VARIANCE), without), guess, rounds);
    return this.#spread(law, without);
  }

  #spread(law: Law, without?: number): Spread {
    const residuals = this.#residuals(law);
    const inside = [...this.#known.keys()].filter(
      (k) => this.#rows.cells[this.#known[k] ?? -1]?.group !== without && Number.isFinite(residuals[k]),
    );
    const variance = configurationVariance(
      inside.map((k) => residuals[k] ?? 0),
      inside.map((k) => this.#repetitions.variance / this.#figure(this.#known[k] ?? -1).count),
      law.active.length,
    );
    return { law, variance, residuals };
  }

  #process(
    { residuals }: Spread,
    start?: GaussianProcessModel,
    without?: number,
  ): GaussianProcessModel | undefined {
    const inside = [...this.#known.keys()].filter(
      (k) => this.#rows.cells[this.#known[k] ?? -1]?.group !== without && Number.isFinite(residuals[k]),
    );
    const inputs = inside.flatMap((k) => {
      const point = this.#rows.cells[this.#known[k] ?? -1]?.point;
      return point ? [gaussianInput(point)] : [];
    });
    const targets = inside.map((k) => residuals[k] ?? 0);
    const noiseScales = inside.map((k) => 1 / this.#figure(this.#known[k] ?? -1).count);
    if (start && inside.length > RELEARNT) return { ...start, inputs, targets, noiseScales };
    return fitGaussianProcess(inputs, targets, {
      noiseScales,
      zeroMean: true,
      bounds: { length: [0.3, 30], noiseVariance: [1e-4, 10] },
      ...(start
        ? { start: start.hyperparameters, starts: 1, maxEvaluations: 15 }
        : inside.length > MANY
          ? { starts: 1, maxEvaluations: 15 }
          : { starts: 2, maxEvaluations: 25 }),
    });
  }

  /** What a process says of the residuals of a group that it was not shown. */
  #heldOutResiduals(
    whole: GaussianProcess,
    mixed: Spread,
    group: number,
  ): (cell: number) => { mean: number; deviation: number } | undefined {
    const isAlone = this.#known.filter((i) => this.#rows.cells[i]?.group === group).length === 1;
    if (isAlone && this.#known.length > RELEARNT && mixed.residuals.every(Number.isFinite)) {
      const left = whole.leaveOneOut(mixed.residuals);
      return (cell) => left[this.#known.indexOf(cell)];
    }
    const model = this.#process(mixed, whole.model, group);
    const process = model && new GaussianProcess(model);
    return (cell) => {
      const point = this.#rows.cells[cell]?.point;
      return point && process?.predict(gaussianInput(point));
    };
  }

  result(): QuantityFit {
    const analytic = this.#analytic();
    const mixed = this.#mixed(analytic);
    const canLeaveOut = this.#groups.length >= LEAST_CONFIGURATIONS;
    const process =
      this.#rows.tryProcess && this.#groups.length >= LEAST_FOR_PROCESS ? this.#process(mixed) : undefined;
    const heldOut: Record<StageModelKind, HeldOut[]> = { analytic: [], mixed: [], gaussian_process: [] };
    const heldOutLaw = new Float64Array(this.#rows.cells.length).fill(Number.NaN);
    if (canLeaveOut) {
      const whole = { mixed, process: process && new GaussianProcess(process) };
      for (const group of this.#groups) this.#leaveOut(group, whole, heldOut, heldOutLaw);
    }
    const judged = (['mixed', 'analytic', 'gaussian_process'] as const).flatMap((kind): JudgedKind[] =>
      heldOut[kind].length > 0 ? [judgeKind(kind, heldOut[kind], this.#groups.length - 1)] : [],
    );
    const best = judged.reduce<JudgedKind | undefined>(
      (a, b) => (a === undefined || scoreOf(b.errors) < (1 - MARGIN) * scoreOf(a.errors) ? b : a),
      undefined,
    );
    const kind = best?.kind ?? 'mixed';
    const chosen = kind === 'analytic' ? analytic : mixed;
    const { variance, freedom } = this.#repetitions;
    const noise = process ? process.hyperparameters.noiseVariance * process.targetScaling.scale ** 2 : 0;
    return {
      heldOutLaw,
      model: {
        kind,
        law: this.#kept(chosen.law),
        repetitionVariance: kind === 'gaussian_process' ? Math.max(variance, noise) : variance,
        configurationVariance: chosen.variance,
        widening: best?.widening ?? 1,
        repetitionFreedom: freedom,
        configurationFreedom: Math.max(1, this.#groups.length - 1),
        offsets: this.#offsets(chosen),
        ...(kind === 'gaussian_process' && process && { process }),
        errors: Object.fromEntries(judged.map(({ kind: name, errors }) => [name, errors])),
      },
    };
  }

  #kept({ coefficients, active, covariance }: Law): KeptLaw {
    return {
      terms: this.#rows.terms,
      coefficients: [...coefficients],
      active,
      covariance: [...covariance],
    };
  }

  /** What is known of each cell beyond the law: its residual, drawn to 0 as far as repetitions could have made it. */
  #offsets({ variance, residuals }: Spread): { offset: number; variance: number }[] {
    const places = new Map(this.#known.map((i, k) => [i, k]));
    return this.#rows.cells.map((_, i) => {
      const k = places.get(i);
      if (k === undefined || variance === 0) return { offset: 0, variance };
      const certainty = variance / (variance + this.#repetitions.variance / this.#figure(i).count);
      return { offset: certainty * (residuals[k] ?? 0), variance: variance * (1 - certainty) };
    });
  }

  #leaveOut(
    group: number,
    whole: { mixed: Spread; process: GaussianProcess | undefined },
    heldOut: Record<StageModelKind, HeldOut[]>,
    heldOutLaw: Float64Array,
  ): void {
    const guess = Float64Array.from(this.#known, (i) =>
      lawValue(whole.mixed.law.coefficients, this.#row(this.#rows.learnt, i)),
    );
    const analytic = this.#analytic(group, guess, 2);
    const mixed = this.#mixed(analytic, group, 1);
    const residualOf = whole.process && this.#heldOutResiduals(whole.process, mixed, group);
    for (const i of this.#known) {
      const cell = this.#rows.cells[i];
      if (cell?.group !== group) continue;
      const features = this.#row(this.#rows.heldOut, i);
      const figure = this.#figure(i);
      const note = (kind: StageModelKind, { law, variance }: Spread, extra = 0, own?: number): void => {
        const value = lawValue(law.coefficients, features);
        heldOut[kind].push({
          group,
          figure,
          centre: Math.log(Math.max(value, Number.MIN_VALUE)) + extra,
          modelVariance: lawVariance(law, features, value) + (own ?? variance),
          repetitionVariance: this.#repetitions.variance,
        });
      };
      note('analytic', analytic);
      note('mixed', mixed);
      heldOutLaw[i] = lawValue(mixed.law.coefficients, features);
      const residual = residualOf?.(i);
      if (residual) {
        const { mean, deviation } = residual;
        note('gaussian_process', mixed, mean, deviation ** 2);
      }
    }
  }
}

/** A law, and what is left around it. */
interface Spread {
  readonly law: Law;
  /** Of configurations. */
  readonly variance: number;
  readonly residuals: readonly number[];
}
