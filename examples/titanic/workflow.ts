import { broadcast, csv, gather, scatter, values, workflow } from 'wattloop/workflow';
import { candidatesWith } from './candidates.js';
import { evaluate } from './evaluate.js';
import { featuresOf } from './features.js';
import { passengerOf } from './passenger.js';
import { split } from './split.js';
import { train } from './train.js';

const COLUMNS = { class: 'text', sex: 'text', age: 'text', survived: 'boolean' } as const;

export default workflow('titanic', { parameters: { trees: 60, folds: 5, repeats: 3, seed: 1 } }, (flow) => {
  const { trees, folds, repeats, seed } = flow.parameters;

  const passengers = flow.stage('preprocess', {
    workers: 4,
    memoryMib: 256,
    inputs: { rows: scatter(csv('passengers.csv', { columns: COLUMNS })) },
    run: ({ rows }, { countWork }) => {
      countWork(rows.length);
      return rows.map(passengerOf);
    },
  });

  const features = flow.stage('features', {
    memoryMib: 256,
    inputs: { passengers: gather(passengers) },
    parameters: { seed },
    run: ({ passengers }, { parameters, countWork }) => {
      const data = featuresOf(passengers.flat());
      countWork(data.rows);
      return split(data, parameters.seed);
    },
  });

  // One invocation for each candidate, unless it is told otherwise.
  const trained = flow.stage('train', {
    memoryMib: 256,
    inputs: { candidates: scatter(values(candidatesWith(trees))), data: broadcast(features) },
    parameters: { folds, repeats, seed },
    run: ({ candidates, data }, { parameters, countWork }) =>
      candidates.map((candidate) => {
        const model = train(candidate, data.train, data.test, parameters);
        countWork(model.rowsLearnt);
        return model;
      }),
  });

  return flow.stage('evaluate', {
    memoryMib: 256,
    inputs: { trained: gather(trained), data: broadcast(features) },
    run: ({ trained, data }, { countWork }) => {
      const evaluation = evaluate(trained.flat(), data.test);
      countWork(evaluation.models.length * data.test.rows);
      return evaluation;
    },
  });
});
