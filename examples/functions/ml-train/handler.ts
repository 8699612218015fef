import { answering } from '../shared/answering.js';
import { amount, choice } from '../shared/asked.js';
import { logisticRegression } from './logistic-regression.js';
import { randomForest } from './random-forest.js';
import { accuracy, part, samples } from './samples.js';

/** The part of the rows that a model learns from; it is judged by the others. */
const LEARNT = 0.8;

/** Makes data, learns from most of it, and tells how well the model knows the rest. */
export default answering((event) => {
  const model = choice(event, 'model', ['logistic-regression', 'random-forest']);
  const rows = amount(event, 'rows', { usual: 2_000, least: 50, most: 200_000 });
  const features = amount(event, 'features', { usual: 10, least: 1, most: 200 });
  const rounds = amount(event, 'rounds', { usual: 50, least: 1, most: 5_000 });
  const trees = amount(event, 'trees', { usual: 10, least: 1, most: 500 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const all = samples(rows, features, seed);
  const split = Math.floor(rows * LEARNT);
  const known = part(all, 0, split);
  const trained =
    model === 'random-forest' ? randomForest(known, trees, seed) : logisticRegression(known, rounds);
  return {
    model,
    rows,
    features,
    accuracy: accuracy(trained.classifier, part(all, split, rows)),
    operations: trained.operations,
  };
});
