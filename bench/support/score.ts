import { type Comparison, type Judged, type Validation, validate } from 'wattloop/footprint';
import { median } from 'wattloop/maths';
import type { Trace } from 'wattloop/model';
import type { Row } from './outcome.js';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const known = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);

const percent = (values: readonly number[], of: (values: readonly number[]) => number): string =>
  values.length === 0 ? '-' : `${(100 * of(values)).toFixed(1)} %`;

const plain = (values: readonly number[]): string => (values.length === 0 ? '-' : median(values).toFixed(4));

/** How one method did on many traces. */
export class Score {
  readonly method: string;
  readonly #validations: Validation[] = [];

  constructor(method: string) {
    this.method = method;
  }

  add(account: Judged, trace: Trace): void {
    this.#validations.push(validate(account, trace.truth, { invocations: trace.invocations }));
  }

  /** Medians over traces of the cosine, of R² and of the total error; mean over traces of the individual difference. */
  figures(): {
    cosine: number;
    individualDifference: number;
    totalError: number;
  } {
    const individual = this.#comparisons('individual');
    return {
      cosine: median(known(individual.map(({ cosineSimilarity }) => cosineSimilarity))),
      individualDifference: mean(known(individual.map(({ individualDifference }) => individualDifference))),
      totalError: median(known(this.#validations.map(({ windowError }) => windowError))),
    };
  }

  row(machine: string): Row {
    const errors = known(this.#validations.map(({ windowError }) => windowError));
    return {
      machine,
      method: this.method,
      ...this.#against('individual', ''),
      ...this.#against('marginal', 'marginal '),
      'total error, by minute': percent(errors, median),
      'of the trace': percent(known(this.#validations.map(({ totalError }) => totalError)), median),
      'R²': plain(known(this.#validations.map(({ r2 }) => r2))),
    };
  }

  #comparisons(kind: Comparison['against']): Comparison[] {
    return this.#validations.flatMap((validation) => {
      const found = validation.against === kind ? validation : validation.individual;
      return found?.against === kind ? [found] : [];
    });
  }

  #against(kind: Comparison['against'], prefix: string): Row {
    const comparisons = this.#comparisons(kind);
    if (comparisons.length === 0) return {};
    // By function, not by trace: each is one trial of its own error.
    const trials = comparisons.flatMap(({ withinTwoErrors, compared }) =>
      withinTwoErrors === undefined ? [] : compared.map(() => withinTwoErrors),
    );
    return {
      [`${prefix}cosine`]: plain(known(comparisons.map(({ cosineSimilarity }) => cosineSimilarity))),
      [`${prefix}difference`]: percent(
        known(comparisons.map(({ individualDifference }) => individualDifference)),
        mean,
      ),
      [`${prefix}within 2 SE`]: percent(trials, mean),
      [`${prefix}told`]: `${comparisons.reduce((sum, { compared }) => sum + compared.length, 0)}/${comparisons.reduce(
        (sum, { compared, withoutEstimate }) => sum + compared.length + withoutEstimate.length,
        0,
      )}`,
    };
  }
}
