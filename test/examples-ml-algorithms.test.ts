import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupedBy, seededRandom } from 'wattloop/maths';
import { binned } from '../examples/ml-pipeline/forest/bins.js';
import { growTrees } from '../examples/ml-pipeline/forest/forest.js';
import { grow as growDigits, labelAt } from '../examples/ml-pipeline/forest/tree.js';
import { vote } from '../examples/ml-pipeline/forest/vote.js';
import { imageBlock } from '../examples/ml-pipeline/images.js';
import { basisOf, projected } from '../examples/ml-pipeline/pca/basis.js';
import { eigenOf } from '../examples/ml-pipeline/pca/jacobi.js';
import { merged, momentsOf } from '../examples/ml-pipeline/pca/moments.js';
import type { Samples } from '../examples/ml-pipeline/samples.js';
import { joined } from '../examples/ml-pipeline/samples.js';
import { type Dataset, withoutCrosses } from '../examples/titanic/dataset.js';
import { featuresOf } from '../examples/titanic/features.js';
import { allBut, stratifiedFolds } from '../examples/titanic/folds.js';
import { metricsOf } from '../examples/titanic/metrics.js';
import { decisionTree } from '../examples/titanic/models/decision-tree.js';
import { gradientBoosting } from '../examples/titanic/models/gradient-boosting.js';
import { logisticRegression } from '../examples/titanic/models/logistic-regression.js';
import { naiveBayes } from '../examples/titanic/models/naive-bayes.js';
import { randomForest } from '../examples/titanic/models/random-forest.js';
import { passengerOf } from '../examples/titanic/passenger.js';

const PASSENGERS = readFileSync(join(import.meta.dirname, '../examples/titanic/passengers.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', sex = '', age = '', survived] = line.split(',');
    return passengerOf({ class: name, sex, age, survived: survived === 'yes' });
  });
const ALL = featuresOf(PASSENGERS);
const PLAIN = withoutCrosses(ALL);

const HALF = [
  [0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0],
  [1, 1, 1, 0, 1, 0, 0, 0],
] as const;

/** No in one column, yes in the other: of those with yes 6 of 8 survived, of the others 2 of 8. */
const HALVES: Dataset = {
  columns: [
    { name: 'x=no', levels: 2 },
    { name: 'x=yes', levels: 2 },
  ],
  rows: 16,
  values: Uint8Array.from([...HALF[0], ...HALF[0]]),
  labels: Uint8Array.from([...HALF[1], ...HALF[1]]),
};

/** For each row, the part of those with the same features that survived. */
function rates(data: Dataset): Float64Array {
  const width = data.columns.length;
  const key = (row: number): string => data.values.subarray(row * width, (row + 1) * width).join('');
  const groups = groupedBy(data.labels.keys(), key);
  return Float64Array.from(data.labels.keys(), (row) => {
    const members = groups.get(key(row)) ?? [];
    return members.reduce((sum, member) => sum + (data.labels[member] ?? 0), 0) / members.length;
  });
}

const farthest = (a: Float64Array, b: Float64Array): number =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));

describe('features of passengers', () => {
  it('are one of the levels of every field, and one of the pairs of every two', () => {
    expect([PLAIN.columns.length, ALL.columns.length]).toEqual([8, 28]);
    for (const data of [PLAIN, ALL]) {
      const ones = data.values.reduce((sum, value) => sum + value, 0);
      expect(ones).toBe(2201 * (data === PLAIN ? 3 : 6));
    }
    const women = PLAIN.columns.findIndex(({ name }) => name === 'sex=female');
    expect(PLAIN.values.filter((value, at) => at % 8 === women && value === 1)).toHaveLength(470);
  });

  it('refuse what is no level', () => {
    const row = { class: ' Crew ', sex: 'male', age: 'adult', survived: true };
    expect(passengerOf(row)).toEqual({ ...row, class: 'crew' });
    expect(() => passengerOf({ ...row, class: '4th' })).toThrow(/class is "4th", none of 1st, 2nd/);
  });
});

describe('folds', () => {
  it('share all rows, each with its part of survivors, by the seed', () => {
    const folds = stratifiedFolds(ALL.labels, 5, 7);
    expect(folds.flatMap((rows) => [...rows]).toSorted((a, b) => a - b)).toEqual([...ALL.labels.keys()]);
    for (const [index, rows] of folds.entries()) {
      expect(Math.abs(rows.length - 2201 / 5)).toBeLessThan(1);
      const survived = rows.reduce((sum, row) => sum + (ALL.labels[row] ?? 0), 0);
      expect(Math.abs(survived - 711 / 5)).toBeLessThan(1);
      expect(allBut(index, folds)).toHaveLength(2201 - rows.length);
    }
    expect(stratifiedFolds(ALL.labels, 5, 7)).toEqual(folds);
    expect(stratifiedFolds(ALL.labels, 5, 8)).not.toEqual(folds);
  });
});

describe('metrics', () => {
  const of = (probabilities: number[], labels: number[]): ReturnType<typeof metricsOf> =>
    metricsOf(Float64Array.from(probabilities), Uint8Array.from(labels));

  it('are what is known of small cases', () => {
    expect(of([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toEqual({ accuracy: 0.75, f1: 2 / 3, auc: 0.75 });
    expect(of([0.9, 0.9, 0.1], [1, 1, 0])).toEqual({ accuracy: 1, f1: 1, auc: 1 });
  });

  it('call it even where all probabilities are the same, and nothing found where nobody is foretold', () => {
    expect(of([0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1])).toEqual({ accuracy: 0.5, f1: 0, auc: 0.5 });
  });
});

describe('models of survival', () => {
  it.each([
    ['logistic regression', logisticRegression(HALVES, { ridge: 1e-6 })],
    ['naive Bayes', naiveBayes(HALVES, { smoothing: 0 })],
    ['a decision tree', decisionTree(HALVES, { depth: 1, leastRows: 1 })],
    ['gradient boosting', gradientBoosting(HALVES, { trees: 100, depth: 1, rate: 0.5 })],
  ])('%s finds the rates where one field says all', (_, model) => {
    expect(farthest(model(HALVES), rates(HALVES))).toBeLessThan(1e-3);
  });

  it('smooth as naive Bayes does it', () => {
    // (6 + 1) / (8 + 2) of survivors had yes, (2 + 1) / (8 + 2) of the dead: 7 to 3.
    expect(naiveBayes(HALVES, { smoothing: 1 })(HALVES)[0]).toBeCloseTo(0.7, 12);
  });

  it('draw weights together the dearer they are', () => {
    const [free, dear] = [0.1, 10].map((ridge) => logisticRegression(HALVES, { ridge })(HALVES)[0] ?? 0);
    expect(dear).toBeGreaterThan(0.5);
    expect(dear).toBeLessThan((free ?? 0) - 0.05);
  });

  it('find the best answer that the whole table has, where fields may act together', () => {
    const tree = decisionTree(PLAIN, { depth: 8, leastRows: 1 })(PLAIN);
    expect(farthest(tree, rates(PLAIN))).toBeLessThan(1e-12);
    expect(metricsOf(tree, PLAIN.labels).accuracy).toBe(1740 / 2201);
    const boosted = gradientBoosting(PLAIN, { trees: 200, depth: 4, rate: 0.3 })(PLAIN);
    expect(metricsOf(boosted, PLAIN.labels).accuracy).toBe(1740 / 2201);
    const forest = randomForest(PLAIN, { trees: 40, depth: 8 }, 1)(PLAIN);
    expect(metricsOf(forest, PLAIN.labels).accuracy).toBeGreaterThan(0.785);
  });

  it('let leaves hold as many rows as they must', () => {
    const tree = decisionTree(HALVES, { depth: 3, leastRows: 9 });
    expect([...tree(HALVES)]).toEqual(Array(16).fill(0.5));
  });

  it('grow the same forest from the same seed', () => {
    const forest = (seed: number): Float64Array => randomForest(PLAIN, { trees: 5, depth: 4 }, seed)(PLAIN);
    expect(forest(1)).toEqual(forest(1));
    expect(forest(1)).not.toEqual(forest(2));
  });
});

/** A few columns that hang together, by chance. */
function cloud(rows: number, columns: number, seed: number): Samples {
  const random = seededRandom(seed);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const common = random.normal();
    for (let i = 0; i < columns; i++) values[row * columns + i] = 100 + (i + 1) * common + random.normal();
  }
  return { rows, columns, values, labels: new Uint8Array(rows) };
}

const part = (all: Samples, from: number, to: number): Samples => ({
  ...all,
  rows: to - from,
  values: all.values.slice(from * all.columns, to * all.columns),
  labels: all.labels.slice(from, to),
});

describe('principal components', () => {
  it('are of moments that can be summed up in parts', () => {
    const all = cloud(100, 4, 1);
    const whole = momentsOf(all);
    const parts = [part(all, 0, 13), part(all, 13, 13), part(all, 13, 60), part(all, 60, 100)].map(momentsOf);
    const sum = parts.reduce(merged);
    expect(sum.count).toBe(100);
    expect(farthest(sum.mean, whole.mean)).toBeLessThan(1e-10);
    expect(farthest(sum.products, whole.products)).toBeLessThan(1e-8);
    const direct = Array.from({ length: 100 }, (_, row) => {
      const off = (i: number): number => (all.values[row * 4 + i] ?? 0) - (whole.mean[i] ?? 0);
      return off(1) * off(3);
    }).reduce((total, product) => total + product, 0);
    expect(whole.products[1 * 4 + 3]).toBeCloseTo(direct, 8);
  });

  it('come from eigenvectors', () => {
    const { values, vectors } = eigenOf(Float64Array.from([2, 1, 1, 2]), 2);
    expect([...values]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
    expect(Math.abs((vectors[0] ?? 0) + (vectors[1] ?? 0))).toBeCloseTo(Math.SQRT2, 12);
    const size = 12;
    const random = seededRandom(3);
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
    const eigen = eigenOf(matrix, size);
    const vector = (i: number): Float64Array => eigen.vectors.subarray(i * size, (i + 1) * size);
    const dot = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    for (let i = 0; i < size; i++) {
      const turned = Float64Array.from({ length: size }, (_, row) =>
        dot(matrix.subarray(row * size, (row + 1) * size), vector(i)),
      );
      const stretched = vector(i).map((value) => value * (eigen.values[i] ?? 0));
      expect(farthest(turned, stretched)).toBeLessThan(1e-9);
      for (let j = 0; j <= i; j++) expect(dot(vector(i), vector(j))).toBeCloseTo(i === j ? 1 : 0, 9);
    }
    expect([...eigen.values]).toEqual([...eigen.values].sort((a, b) => b - a));
  });

  it('hold the variance that they say', () => {
    const all = cloud(500, 6, 2);
    const moments = momentsOf(all);
    const basis = basisOf([moments], 2);
    const { products } = momentsOf(projected(all, basis));
    const held = (products[0] ?? 0) + (products[3] ?? 0);
    const trace = [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + (moments.products[i * 7] ?? 0), 0);
    expect(held / trace).toBeCloseTo(basis.explained, 5);
    expect(basis.explained).toBeGreaterThan(0.9);
    // What lies in different directions has nothing to do with one another.
    expect(Math.abs(products[1] ?? 0) / held).toBeLessThan(1e-5);
    expect(basisOf([moments], 6).explained).toBeCloseTo(1, 12);
    expect(() => basisOf([moments], 7)).toThrow(/7 components/);
  });
});

describe('the forest', () => {
  /** Two columns that say the class together, four that say nothing. */
  const random = seededRandom(5);
  const rows = 600;
  const columns = 6;
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 4);
  const values = Float32Array.from({ length: rows * columns }, (_, at) => {
    const label = Math.floor(at / columns) % 4;
    const middle = at % columns === 0 ? (label & 1) * 3 : at % columns === 1 ? (label >> 1) * 3 : 0;
    return middle + random.normal();
  });
  const samples: Samples = { rows, columns, values, labels };

  it('has bins that hold about equally many', () => {
    const { bins, edges } = binned(samples);
    const counts = groupedBy(bins.subarray(0, rows), (bin) => bin);
    for (const members of counts.values()) expect(Math.abs(members.length - rows / 32)).toBeLessThan(2);
    expect(edges.every((cuts) => cuts.every((cut, i) => i === 0 || cut >= (cuts[i - 1] ?? 0)))).toBe(true);
  });

  it('has trees that know what they were grown on, by the values themselves', () => {
    const few = part(samples, 0, 30);
    const tree = growDigits(binned(few), Int32Array.from(few.labels.keys()), 4, seededRandom(1));
    const told = Array.from({ length: few.rows }, (_, row) => labelAt(tree, few, row));
    expect(told).toEqual([...few.labels]);
  });

  it('is better than its trees, and grows them by their numbers', () => {
    const [train, test] = [part(samples, 0, 400), part(samples, 400, 600)];
    const trees = growTrees([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], train, 4, 9);
    expect(growTrees([7], train, 4, 9)).toEqual(trees.slice(7, 8));
    const { confusion, rightTrees } = vote(trees, test, 4);
    expect(confusion.reduce((sum, count) => sum + count, 0)).toBe(200);
    const right = [0, 1, 2, 3].reduce((sum, label) => sum + (confusion[label * 5] ?? 0), 0);
    expect(right / 200).toBeGreaterThan(0.8);
    expect(right).toBeGreaterThan(rightTrees / trees.length);
  });
});

describe('images', () => {
  it('depend on their number alone, and every fifth is for the test', () => {
    const options = { noise: 0.2, seed: 1 };
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const whole = imageBlock(numbers, options);
    expect([whole.train.rows, whole.test.rows]).toEqual([32, 8]);
    const parts = [imageBlock(numbers.slice(0, 13), options), imageBlock(numbers.slice(13), options)];
    expect(joined(parts.map(({ train }) => train))).toEqual(whole.train);
    expect(joined(parts.map(({ test }) => test))).toEqual(whole.test);
    expect(new Set(whole.train.labels).size).toBeGreaterThan(5);
  });
});
