import type { StageSample } from '../../../model/index.js';
import {
  amdahl,
  crooked,
  gridOf,
  type KnownStage,
  memoryCoupled,
  queued,
  syntheticSamples,
} from './synthetic-stage.js';

/** Four stages: one first, two side by side, one last. */
export const DIAMOND = {
  stages: ['prepare', 'left', 'right', 'join'],
  edges: [
    ['prepare', 'left'],
    ['prepare', 'right'],
    ['left', 'join'],
    ['right', 'join'],
  ],
} as const;

export const GRID = gridOf([0.5, 1, 2], [512, 1024, 2048], [1, 2, 4, 8]);

/** Machines that draw little idle: what is quicker with more workers takes more energy. */
const thrifty = (law: KnownStage): KnownStage => ({
  ...law,
  joules: (seconds, cpuSeconds, { workers, cpu }) =>
    0.4 * seconds + 3 * cpuSeconds + 2.5 * workers * Math.min(cpu, 1.5),
});

const LAWS = { prepare: amdahl, left: memoryCoupled, right: queued, join: crooked };

export function knownWorkflow(runNoise = 0): StageSample[] {
  return Object.entries(LAWS).flatMap(([stage, law]) =>
    syntheticSamples(thrifty(law), GRID, { stage, runNoise, repetitions: 4, noise: 0.04 }),
  );
}
