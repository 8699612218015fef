import type { ResolvedStage } from '../define/resolve.js';

/**
 * Stages whose number of workers can't be chosen for them alone: those that take partitions one to one, those whose
 * partitions are taken so, and those whose data is not shared at all.
 */
export function stagesWithFixedWorkers(stages: readonly ResolvedStage[]): Set<string> {
  const fixed = new Set<string>();
  for (const { definition, configuration, inputs } of stages) {
    const isShared = inputs.some(({ strategy }) => strategy === 'scatter' || strategy === 'shuffle');
    if (!isShared && configuration.workers === 1) fixed.add(definition.name);
    for (const { strategy, stage } of inputs) {
      const upstream = stage === undefined ? undefined : stages[stage]?.definition.name;
      if (strategy === 'each') fixed.add(definition.name);
      if (upstream !== undefined && (strategy === 'each' || strategy === 'broadcast')) fixed.add(upstream);
    }
  }
  return fixed;
}
