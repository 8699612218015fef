import type { WorkflowGraph } from '../../footprint/index.js';
import type { ResolvedStage } from '../define/resolve.js';

/** Which stages wait for which, as a graph of names. */
export function workflowGraph(stages: readonly ResolvedStage[]): WorkflowGraph {
  const nameOf = (index: number): string => stages[index]?.definition.name ?? '';
  return {
    stages: stages.map(({ definition }) => definition.name),
    edges: stages.flatMap(({ definition, inputs, after }) => {
      const read = inputs.flatMap(({ stage }) => stage ?? []);
      return [...new Set([...read, ...after])].map((from) => [nameOf(from), definition.name] as const);
    }),
  };
}
