import { broadcast, each, gather, range, scatter, workflow } from 'wattloop/workflow';
import { accuracyOf } from './accuracy.js';
import { growTrees } from './forest/forest.js';
import { vote } from './forest/vote.js';
import { GLYPHS } from './glyphs.js';
import { imageBlock } from './images.js';
import { basisOf, projected } from './pca/basis.js';
import { momentsOf } from './pca/moments.js';
import { joined } from './samples.js';

export default workflow(
  'ml-pipeline',
  { parameters: { images: 10_000, noise: 0.2, components: 24, trees: 100, workers: 4, seed: 1 } },
  (flow) => {
    const { images, noise, components, trees, workers, seed } = flow.parameters;

    const blocks = flow.stage('generate', {
      workers,
      memoryMib: 256,
      inputs: { numbers: scatter(range(images)) },
      parameters: { noise, seed },
      run: ({ numbers }, { parameters, countWork }) => {
        countWork(numbers.length);
        return imageBlock(numbers, parameters);
      },
    });

    const moments = flow.stage('moments', {
      memoryMib: 256,
      inputs: { block: each(blocks) },
      run: ({ block }, { countWork }) => {
        countWork(block.train.rows);
        return momentsOf(block.train);
      },
    });

    const basis = flow.stage('basis', {
      memoryMib: 256,
      inputs: { moments: gather(moments) },
      parameters: { components },
      run: ({ moments }, { parameters, countWork }) => {
        countWork(parameters.components);
        return basisOf(moments, parameters.components);
      },
    });

    const points = flow.stage('project', {
      memoryMib: 256,
      inputs: { block: each(blocks), basis: broadcast(basis) },
      run: ({ block, basis }, { countWork }) => {
        countWork(block.train.rows + block.test.rows);
        return { train: projected(block.train, basis), test: projected(block.test, basis) };
      },
    });

    const forest = flow.stage('train', {
      workers,
      memoryMib: 256,
      inputs: { numbers: scatter(range(trees)), points: gather(points) },
      parameters: { seed },
      run: ({ numbers, points }, { parameters, countWork }) => {
        countWork(numbers.length);
        return growTrees(numbers, joined(points.map(({ train }) => train)), GLYPHS, parameters.seed);
      },
    });

    const votes = flow.stage('vote', {
      memoryMib: 256,
      inputs: { points: each(points), forest: gather(forest) },
      run: ({ points, forest }, { countWork }) => {
        countWork(points.test.rows);
        return vote(forest.flat(), points.test, GLYPHS);
      },
    });

    return flow.stage('accuracy', {
      memoryMib: 256,
      inputs: { votes: gather(votes), basis: broadcast(basis) },
      parameters: { trees },
      run: ({ votes, basis }, { parameters, countWork }) => {
        const accuracy = accuracyOf(votes, GLYPHS, parameters.trees);
        countWork(accuracy.tested);
        return { ...accuracy, explained: Math.round(basis.explained * 1e4) / 1e4 };
      },
    });
  },
);
