import { ErrorCode, WattloopError } from '../../errors/index.js';
import { compensatedSum } from './compensated-sum.js';
import { type StageSpan, scheduleOf } from './critical-path.js';
import { type ResourceShares, resourceShares } from './resource-shares.js';
import { type FunctionTally, type StageInvocation, StageTally } from './stage-tally.js';
import { orderedGraph, stageIndex, type WorkflowGraph } from './workflow-graph.js';

/** A service that the run used beside its functions: storage, network. */
export interface SharedResource {
  readonly name: string;
  /** What it drew during the run, for use and just for being there; absent where its power is not known. */
  readonly energy?: { readonly activeJoules: number; readonly idleJoules: number };
  /** Bytes or requests by stage, whichever its power follows. */
  readonly useByStage: Readonly<Record<string, number>>;
  /** Use by each of those who used it at the same time and are not of this run. */
  readonly useByOthers?: readonly number[];
}

export interface WorkflowRun {
  readonly graph: WorkflowGraph;
  readonly invocations: Iterable<StageInvocation>;
  readonly resources?: readonly SharedResource[];
}

export interface StageFootprint {
  readonly name: string;
  readonly invocations: number;
  /** Invocations whose energy nobody knows: none of it is in the joules. */
  readonly withoutEnergy: number;
  /** By function. */
  readonly functions: Readonly<Record<string, FunctionTally>>;
  /** Absent for a stage that did not run, as is the slack. */
  readonly span?: StageSpan;
  /** How much later it could have ended without the run ending later: room to run slower, and on less. */
  readonly slackSeconds?: number;
  readonly isCritical: boolean;
  /** Its invocations'; absent where nobody knows that of any. */
  readonly functionJoules?: number;
  /** Its shares of the resources whose power is known. */
  readonly resourceJoules: Readonly<Record<string, number>>;
  /** What is known of both; absent where that is nothing. */
  readonly joules?: number;
}

export interface ResourceFootprint {
  readonly name: string;
  /** What the run's stages have of it; absent where its power is not known, as are the others. */
  readonly joules?: number;
  /** What others have of it. */
  readonly othersJoules?: number;
  /** What it drew while nobody used it. */
  readonly unattributedJoules?: number;
  readonly reason?: string;
}

export interface CriticalPath {
  readonly stages: readonly string[];
  readonly seconds: number;
  readonly joules: number;
}

/** What is known of what a run of a workflow took: the stages' joules make up the run's. */
export interface WorkflowFootprint {
  readonly stages: readonly StageFootprint[];
  readonly resources: readonly ResourceFootprint[];
  /** Absent when nothing ran. */
  readonly criticalPath?: CriticalPath;
  readonly invocations: number;
  readonly withoutEnergy: number;
  readonly functionJoules: number;
  readonly resourceJoules: number;
  readonly joules: number;
}

/** The footprint of a whole run from those of its invocations, and its part of the services that it shared. */
export function workflowFootprint({ graph, invocations, resources = [] }: WorkflowRun): WorkflowFootprint {
  const ordered = orderedGraph(graph);
  const tallies = graph.stages.map(() => new StageTally());
  for (const invocation of invocations)
    tallies[stageIndex(ordered.indexOf, invocation.stage)]?.addInvocation(invocation);
  checkNames(resources);
  const shares = resources.map((resource) => sharesOf(resource, graph.stages, ordered.indexOf));
  const spans = tallies.map((tally) => tally.span);
  const { criticalPath, slackSeconds } = scheduleOf(ordered, spans);

  const stages = graph.stages.map((name, stage): StageFootprint => {
    const tally = tallies[stage] ?? new StageTally();
    const span = spans[stage];
    const slack = slackSeconds[stage];
    const resourceJoules = Object.fromEntries(
      shares.flatMap(({ resource, found }) => (found ? [[resource.name, found.joules[stage] ?? 0]] : [])),
    );
    const known = [tally.joules, ...Object.values(resourceJoules)].filter((joules) => joules !== undefined);
    return {
      name,
      invocations: tally.invocations,
      withoutEnergy: tally.withoutEnergy,
      functions: tally.functions(),
      ...(span && { span }),
      ...(slack !== undefined && { slackSeconds: slack }),
      isCritical: criticalPath.includes(stage),
      ...(tally.joules !== undefined && { functionJoules: tally.joules }),
      resourceJoules,
      ...(known.length > 0 && { joules: compensatedSum(known) }),
    };
  });
  const total = (of: (stage: StageFootprint) => number | undefined): number =>
    compensatedSum(stages.map((stage) => of(stage) ?? 0));
  const path = criticalPath.flatMap((stage) => stages[stage] ?? []);
  const [first, last] = [path[0]?.span, path.at(-1)?.span];
  return {
    stages,
    resources: shares.map(({ resource, found }) => resourceFootprint(resource, found, stages)),
    ...(first &&
      last && {
        criticalPath: {
          stages: path.map(({ name }) => name),
          seconds: last.endSeconds - first.startSeconds,
          joules: compensatedSum(path.map(({ joules = 0 }) => joules)),
        },
      }),
    invocations: total((stage) => stage.invocations),
    withoutEnergy: total((stage) => stage.withoutEnergy),
    functionJoules: total((stage) => stage.functionJoules),
    resourceJoules: total((stage) => compensatedSum(Object.values(stage.resourceJoules))),
    joules: total((stage) => stage.joules),
  };
}

interface SharesOfResource {
  readonly resource: SharedResource;
  /** Stages first, then others; absent where the resource's power is not known. */
  readonly found?: ResourceShares;
}

function sharesOf(
  resource: SharedResource,
  stages: readonly string[],
  indexOf: ReadonlyMap<string, number>,
): SharesOfResource {
  for (const stage of Object.keys(resource.useByStage)) stageIndex(indexOf, stage);
  const { name, energy, useByOthers = [] } = resource;
  if (energy === undefined) return { resource };
  const use = [...stages.map((stage) => resource.useByStage[stage] ?? 0), ...useByOthers];
  return { resource, found: resourceShares(name, { ...energy, use }) };
}

function resourceFootprint(
  { name }: SharedResource,
  found: ResourceShares | undefined,
  stages: readonly StageFootprint[],
): ResourceFootprint {
  if (found === undefined) return { name, reason: 'its power is not known' };
  return {
    name,
    joules: compensatedSum(found.joules.subarray(0, stages.length)),
    othersJoules: compensatedSum(found.joules.subarray(stages.length)),
    unattributedJoules: found.unattributedJoules,
  };
}

function checkNames(resources: readonly SharedResource[]): void {
  const names = resources.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new WattloopError(ErrorCode.badInput, `there are two resources "${twice}"`, {
    remedy: 'Give each a name of its own.',
  });
}
