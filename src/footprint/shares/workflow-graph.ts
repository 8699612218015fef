import { ErrorCode, WattloopError } from '../../errors/index.js';

/** A directed graph without circles: the stages of a workflow, and which must have ended before which. */
export interface WorkflowGraph {
  readonly stages: readonly string[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** The graph by index, in an order in which every stage comes after those it waits for. */
export interface OrderedGraph {
  readonly indexOf: ReadonlyMap<string, number>;
  readonly order: readonly number[];
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

const bad = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, message, { remedy });

export function orderedGraph({ stages, edges }: WorkflowGraph): OrderedGraph {
  const indexOf = new Map(stages.map((name, index) => [name, index]));
  if (indexOf.size < stages.length) {
    const twice = stages.find((name, index) => indexOf.get(name) !== index) ?? '';
    throw bad(`the workflow has two stages "${twice}"`, 'Give each stage a name of its own.');
  }
  const before = stages.map((): number[] => []);
  const after = stages.map((): number[] => []);
  for (const [from, to] of edges) {
    const [first, second] = [stageIndex(indexOf, from), stageIndex(indexOf, to)];
    after[first]?.push(second);
    before[second]?.push(first);
  }
  const waiting = before.map((stagesBefore) => stagesBefore.length);
  const order = [...waiting.keys()].filter((stage) => waiting[stage] === 0);
  // The list grows while it is walked: a stage joins once nothing that it waits for is left.
  for (const stage of order) {
    for (const next of after[stage] ?? []) {
      const left = (waiting[next] ?? 0) - 1;
      waiting[next] = left;
      if (left === 0) order.push(next);
    }
  }
  if (order.length < stages.length) {
    const stuck = stages.filter((_, stage) => (waiting[stage] ?? 0) > 0);
    throw bad(
      `the workflow has a circle among the stages ${stuck.join(', ')}`,
      'A stage can not wait for itself.',
    );
  }
  return { indexOf, order, before, after };
}

export function stageIndex(indexOf: ReadonlyMap<string, number>, name: string): number {
  const index = indexOf.get(name);
  if (index !== undefined) return index;
  throw bad(`there is no stage "${name}"`, `The stages are ${[...indexOf.keys()].join(', ')}.`);
}
