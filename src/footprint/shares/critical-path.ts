import type { OrderedGraph } from './workflow-graph.js';

/** When a stage's first invocation started and its last one ended. */
export interface StageSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Schedule {
  /** Stages without which the run would have ended earlier, in order of time. */
  readonly criticalPath: readonly number[];
  /** By stage: how much later it could have ended without the run ending later; undefined for stages that did not run. */
  readonly slackSeconds: readonly (number | undefined)[];
}

/**
 * The critical path of a run as it was: from the stage that ended last back, at each step, to the latest to end of those that
 * it waited for. Stages that did not run pass on what they waited for.
 */
export function scheduleOf(graph: OrderedGraph, spans: readonly (StageSpan | undefined)[]): Schedule {
  const before = waitedFor(graph, spans);
  const ran = graph.order.filter((stage) => spans[stage] !== undefined);
  const endOf = (stage: number): number => spans[stage]?.endSeconds ?? Number.NEGATIVE_INFINITY;
  const latest = (stages: readonly number[]): number | undefined =>
    stages.reduce<number | undefined>(
      (best, stage) => (best === undefined || endOf(stage) > endOf(best) ? stage : best),
      undefined,
    );

  const criticalPath: number[] = [];
  for (let stage = latest(ran); stage !== undefined; stage = latest(before[stage] ?? []))
    criticalPath.unshift(stage);
  return { criticalPath, slackSeconds: slackOf(graph, spans, before, criticalPath) };
}

/** By stage: those that ran and that it waited for, directly or through stages that did not run. */
function waitedFor(graph: OrderedGraph, spans: readonly (StageSpan | undefined)[]): (readonly number[])[] {
  const before: (readonly number[])[] = [];
  for (const stage of graph.order) {
    const all = (graph.before[stage] ?? []).flatMap((other) =>
      spans[other] === undefined ? (before[other] ?? []) : [other],
    );
    before[stage] = [...new Set(all)];
  }
  return before;
}

/** Backwards from the end: each stage keeps its length, and its distance to the last of those that it waited for. */
function slackOf(
  graph: OrderedGraph,
  spans: readonly (StageSpan | undefined)[],
  before: readonly (readonly number[])[],
  criticalPath: readonly number[],
): (number | undefined)[] {
  const end = spans[criticalPath.at(-1) ?? -1]?.endSeconds ?? 0;
  const slack = spans.map((span) => span && end - span.endSeconds);
  for (const stage of graph.order.toReversed()) {
    const own = slack[stage];
    if (own === undefined) continue;
    const ends = (before[stage] ?? []).map((other) => spans[other]?.endSeconds ?? 0);
    const last = ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    for (const other of before[stage] ?? []) {
      const room = last - (spans[other]?.endSeconds ?? 0) + own;
      slack[other] = Math.min(slack[other] ?? room, room);
    }
  }
  return slack;
}
