import { ErrorCode, WattloopError } from '../../base/index.js';
import type { StageDefinition } from './stage.js';
import { indexOfStage } from './stage-index.js';
import { isStageRef } from './strategy.js';

export interface StageOrder {
  /** Every stage after those that it waits for. */
  readonly order: readonly number[];
  /** The stages that each one waits for. */
  readonly before: readonly (readonly number[])[];
}

/** An order in which the stages can run, or the circle that prevents it. */
export function stageOrder(
  workflow: string,
  stages: readonly StageDefinition[],
  indexOf: ReadonlyMap<string, number>,
): StageOrder {
  const before = stages.map(({ name, inputs, after = [] }) => {
    const where = `stage "${name}": `;
    const read = Object.values(inputs ?? {}).flatMap(({ from }) => (isStageRef(from) ? [from.stage] : []));
    const waited = after.map((stage) => (typeof stage === 'string' ? stage : stage.stage));
    return [...new Set([...read, ...waited].map((stage) => indexOfStage(indexOf, stage, where)))];
  });
  const order: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  const visit = (stage: number, path: readonly number[]): void => {
    if (state.get(stage) === 'done') return;
    if (state.get(stage) === 'open')
      throw circle(workflow, stages, [...path.slice(path.indexOf(stage)), stage]);
    state.set(stage, 'open');
    for (const earlier of before[stage] ?? []) visit(earlier, [...path, stage]);
    state.set(stage, 'done');
    order.push(stage);
  };
  for (const stage of stages.keys()) visit(stage, []);
  return { order, before };
}

function circle(
  workflow: string,
  stages: readonly StageDefinition[],
  path: readonly number[],
): WattloopError {
  const names = path.map((stage) => stages[stage]?.name).join(' waits for ');
  return new WattloopError(ErrorCode.badInput, `the workflow "${workflow}" has a circle: ${names}`, {
    remedy: 'A stage can not wait for itself: take one of these inputs away',
  });
}
