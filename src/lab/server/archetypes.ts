import type { Random } from '../../maths/index.js';
import type { Machine } from './machine.js';
import { type FunctionProfile, MEMORY_LEVELS, PLAIN_PROFILE } from './profile.js';

/** Kinds of functions, by what they spend their time on. */
export const ARCHETYPES = [
  'short',
  'compute',
  'vector',
  'memory',
  'service',
  'disk',
  'long',
  'parallel',
  'gpu',
] as const;

export type Archetype = (typeof ARCHETYPES)[number];

/** From `low` to `high`, every order of magnitude as likely. */
export const between = (random: Random, low: number, high: number): number =>
  low * (high / low) ** random.uniform();

/** A function of a kind, with chance in its figures; the same number of draws for every kind. */
export function functionOf(kind: Archetype, name: string, random: Random, machine: Machine): FunctionProfile {
  const common = {
    ...PLAIN_PROFILE,
    name,
    spread: between(random, 0.1, 0.6),
    corePower: between(random, 0.85, 1.2),
    instructionsPerCycle: between(random, 0.9, 2.6),
    memoryMebibytes: Math.round(between(random, 128, 1024)),
    coldCpuSeconds: between(random, 0.15, 1),
  };
  const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()];
  const scale = (low: number, high: number, at: number): number => low * (high / low) ** at;
  switch (kind) {
    case 'short':
      return { ...common, cpuSeconds: scale(0.02, 0.1, a) };
    case 'compute':
      return { ...common, cpuSeconds: scale(0.2, 2.5, a), memoryLevel: Math.floor(b * 2) };
    case 'vector':
      return {
        ...common,
        cpuSeconds: scale(0.3, 3, a),
        corePower: scale(1.35, 1.7, b),
        instructionsPerCycle: scale(0.8, 1.4, c),
      };
    case 'memory':
      return {
        ...common,
        cpuSeconds: scale(0.3, 4, a),
        memoryLevel: 2 + Math.floor(b * (MEMORY_LEVELS.length - 2)),
        instructionsPerCycle: scale(0.4, 0.9, c),
      };
    case 'service':
      return { ...common, cpuSeconds: scale(0.04, 0.3, a), waitSeconds: scale(0.2, 3, b) };
    case 'disk':
      return {
        ...common,
        cpuSeconds: scale(0.1, 0.6, a),
        diskMebibytes: scale(0.05, 0.5, b) * machine.diskMebibytesPerSecond,
        memoryLevel: 1,
      };
    case 'long':
      return { ...common, cpuSeconds: scale(4, 20, a), memoryLevel: Math.floor(b * 3) };
    case 'parallel':
      return {
        ...common,
        cpuSeconds: scale(1.5, 10, a),
        threads: Math.min(machine.cores, 2 + Math.floor(b * 7)),
        memoryLevel: Math.floor(c * 3),
      };
    case 'gpu':
      return {
        ...common,
        cpuSeconds: scale(0.08, 0.5, a),
        gpuSeconds: scale(0.2, 3, b),
        gpuOccupancy: scale(0.35, 1, c),
      };
  }
}
