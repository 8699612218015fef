import { broadcast, gather, type SourceObject, scatter, values, workflow } from 'wattloop/workflow';
import { classify } from './classify.js';
import { film } from './film.js';
import { extractFrames } from './frames.js';
import { learn } from './learn.js';
import { reportOf } from './report.js';
import { RATE, SCENES } from './scenes.js';
import { sharpened } from './sharpen.js';
import { shotsOf, truthOf } from './shots.js';

const parameters = { seconds: 30, light: 40, chunkSeconds: 2, width: 320, height: 180, seed: 1, workers: 4 };

export default workflow('video', { parameters }, (flow) => {
  const { seconds, light, chunkSeconds, width, height, seed, workers } = flow.parameters;
  const size = { width, height };
  const shots = { seconds, light, seed };

  const clip = flow.stage('film', {
    memoryMib: 512,
    parameters: { shots, size, framesBetweenCuts: chunkSeconds * RATE },
    run: (_, { parameters: { shots, size, framesBetweenCuts }, signal, countWork }) => {
      const planned = shotsOf(shots);
      countWork(truthOf(planned).length);
      return film(planned, { size, framesBetweenCuts, signal });
    },
  });
  const chunks = flow.stage<SourceObject[]>('split', {
    memoryMib: 512,
    inputs: { clip: broadcast(clip) },
    command: ['sh', 'split.sh', String(chunkSeconds)],
  });
  const frames = flow.stage('frames', {
    workers,
    memoryMib: 512,
    inputs: { chunks: scatter(chunks) },
    parameters: { size, framesOfChunk: chunkSeconds * RATE },
    run: async ({ chunks }, { parameters: { size, framesOfChunk }, signal, countWork }) => {
      const lists = [];
      for (const chunk of chunks) lists.push(await extractFrames(chunk, size, framesOfChunk, signal));
      const frames = lists.flat();
      countWork(frames.length);
      return frames;
    },
  });
  const sharp = flow.stage('sharpen', {
    workers,
    memoryMib: 512,
    inputs: { frames: scatter(frames) },
    run: ({ frames }, { countWork }) => {
      countWork(frames.length);
      return frames.map(sharpened);
    },
  });

  const centroids = flow.stage('learn', {
    memoryMib: 512,
    workers: 1,
    inputs: { scenes: scatter(values(SCENES)) },
    parameters: { size },
    run: async ({ scenes }, { parameters: { size }, signal, countWork }) => {
      countWork(scenes.length);
      const learnt = [];
      for (const scene of scenes) learnt.push(await learn(scene, size, signal));
      return learnt;
    },
  });
  const classified = flow.stage('classify', {
    workers,
    memoryMib: 512,
    inputs: { frames: scatter(sharp), centroids: broadcast(centroids) },
    run: ({ frames, centroids }, { countWork }) => {
      countWork(frames.length);
      return frames.map((frame) => classify(frame, centroids));
    },
  });

  return flow.stage('report', {
    memoryMib: 512,
    inputs: { classified: gather(classified) },
    parameters: { shots },
    run: ({ classified }, { parameters, countWork }) => {
      const all = classified.flat();
      countWork(all.length);
      return reportOf(all, truthOf(shotsOf(parameters.shots)));
    },
  });
});
