import { groupedBy } from '../../maths/index.js';
import { AXES, type AxisLine, type AxisName, type Configuration } from '../../model/index.js';

export const valueOn = (axis: AxisName, { workers, cpu, memoryMib }: Configuration): number =>
  axis === 'workers' ? workers : axis === 'cpu' ? cpu : memoryMib;

/** Equal for equal configurations. */
export const configurationKey = ({ cpu, memoryMib, workers }: Configuration): string =>
  `${cpu}/${memoryMib}/${workers}`;

export const inOrder = (a: Configuration, b: Configuration): number =>
  a.cpu - b.cpu || a.memoryMib - b.memoryMib || a.workers - b.workers;

/** Whether memory brings its processors with it, as on Lambda: each size has one number of its own, and more memory has no fewer. */
function isCoupled(configurations: readonly Configuration[]): boolean {
  const sorted = [...configurations].sort((a, b) => a.memoryMib - b.memoryMib || a.cpu - b.cpu);
  const cpuOf = new Map(sorted.map(({ memoryMib, cpu }) => [memoryMib, cpu]));
  return (
    new Set(cpuOf.values()).size > 1 &&
    new Set(sorted.map(({ memoryMib, cpu }) => `${memoryMib}/${cpu}`)).size === cpuOf.size &&
    sorted.every(({ cpu }, index) => cpu >= (sorted[index - 1]?.cpu ?? 0))
  );
}

/** The axes that are held still while one goes along a line. Memory takes processors along where they are coupled. */
function fixedAxes(axis: AxisName, coupled: boolean): AxisName[] {
  if (!coupled || axis === 'workers') return AXES.filter((other) => other !== axis);
  return ['workers'];
}

/** All lines of a grid, with gaps or without. */
export function axisLines(configurations: readonly Configuration[]): AxisLine[] {
  const coupled = isCoupled(configurations);
  // Going along processors would go along the same lines once more.
  const axes = coupled ? AXES.filter((axis) => axis !== 'cpu') : AXES;
  return axes.flatMap((axis) => {
    const fixed = fixedAxes(axis, coupled);
    const lines = groupedBy(configurations, (each) => fixed.map((other) => valueOn(other, each)).join('/'));
    return [...lines.values()]
      .filter((line) => line.length > 1)
      .map((line) => ({
        axis,
        configurations: [...line].sort((a, b) => valueOn(axis, a) - valueOn(axis, b)),
      }));
  });
}
