import { orderedGraph, type WorkflowGraph } from '../../footprint/index.js';
import {
  type ChoiceConstraint,
  CONSTRAINTS,
  type ConfigurationChoice,
  type ConstraintName,
  type MetricName,
  type NoConfigurations,
} from '../../model/index.js';
import { composed, type PredictOptions } from '../predict/predict-workflow.js';
import {
  AMOUNT_OF,
  AMOUNTS,
  type Amount,
  type CandidateRequest,
  type StageCandidates,
  stageCandidates,
} from './candidates.js';
import { CONSTRAINT_TEXT, inUnits, LIMITED } from './figures.js';
import { givenUp } from './given-up.js';
import { amountOf, type Picks, type Problem, timeOf } from './problem.js';
import { solve } from './solve.js';

export interface OptimizeRequest extends CandidateRequest, Pick<PredictOptions, 'seed'> {
  readonly graph: WorkflowGraph;
  readonly objective: MetricName;
  readonly deadlineSeconds?: number;
  readonly budgetUsd?: number;
  readonly energyBudgetJoules?: number;
  readonly carbonBudgetGrams?: number;
}

interface Limit {
  readonly name: ConstraintName;
  readonly limit: number;
}

const amountPlace = (what: Exclude<MetricName, 'time'>): number => AMOUNTS.indexOf(AMOUNT_OF[what]);

/** Picks a configuration for every stage, so that the objective is least while all limits hold: by the means, proven. */
export function optimize(request: OptimizeRequest): ConfigurationChoice {
  const { graph, objective } = request;
  const limits = limitsOf(request);
  const needed = neededOf(objective, limits);
  const stages = graph.stages.map((stage) => stageCandidates(request, stage, needed));
  const extrapolationsLeftOut = stages.reduce((sum, { leftOut }) => sum + leftOut.length, 0);
  const problem = problemOf(graph, stages, objective, limits);
  const empty = stages.find(({ predictions }) => predictions.length === 0);
  if (empty) {
    const [first] = empty.leftOut;
    return {
      status: 'infeasible',
      objective,
      constraints: limits,
      violated: [],
      extrapolationsLeftOut,
      explanation: `every candidate of stage "${empty.stage}" lies beyond what was seen (${first?.extrapolation?.reason ?? ''}): characterise it there, or allow extrapolation`,
    };
  }
  const solution = solve(problem);
  if (solution.status === 'infeasible') return infeasible(problem, objective, limits, extrapolationsLeftOut);
  const { picks, status, value, bound } = solution;
  const of = (own: Picks, what: MetricName): number => figureOf(problem, own, what);
  const chosen = stages.flatMap(({ predictions }, stage) => predictions[picks[stage] ?? -1] ?? []);
  const prediction = composed(graph, request.models, chosen, request);
  return {
    status,
    objective,
    value,
    bound,
    stages: stages.flatMap((candidates, stage) => {
      const own = candidates.predictions[picks[stage] ?? -1];
      if (own === undefined) return [];
      const rivals = givenUp({ problem, objective, limits, of }, picks, stage, candidates);
      return [
        {
          stage: candidates.stage,
          prediction: own,
          candidates: candidates.predictions.length,
          givenUp: rivals,
        },
      ];
    }),
    constraints: limits.map((limit) => ({ ...limit, value: of(picks, LIMITED[limit.name]) })),
    prediction,
    extrapolationsLeftOut,
    explanation: explained(objective, value, bound, status, limits),
  };
}

function limitsOf(request: OptimizeRequest): Limit[] {
  const values: Readonly<Record<ConstraintName, number | undefined>> = {
    deadline: request.deadlineSeconds,
    cost_budget: request.budgetUsd,
    energy_budget: request.energyBudgetJoules,
    carbon_budget: request.carbonBudgetGrams,
  };
  return CONSTRAINTS.flatMap((name) => {
    const limit = values[name];
    return limit === undefined ? [] : [{ name, limit }];
  });
}

function neededOf(objective: MetricName, limits: readonly Limit[]): Amount[] {
  const all = [objective, ...limits.map(({ name }) => LIMITED[name])];
  return [...new Set(all)].flatMap((what) => (what === 'time' ? [] : [AMOUNT_OF[what]]));
}

function problemOf(
  graph: WorkflowGraph,
  stages: readonly StageCandidates[],
  objective: MetricName,
  limits: readonly Limit[],
): Problem {
  const limitOf = (what: MetricName): number =>
    limits.find(({ name }) => LIMITED[name] === what)?.limit ?? Number.POSITIVE_INFINITY;
  return {
    graph: orderedGraph(graph),
    options: stages.map(({ options }) => options),
    objective: objective === 'time' ? 'time' : amountPlace(objective),
    deadline: limitOf('time'),
    limits: [limitOf('energy'), limitOf('cost'), limitOf('carbon')],
  };
}

const figureOf = (problem: Problem, picks: Picks, what: MetricName): number =>
  what === 'time' ? timeOf(problem, picks) : amountOf(problem, picks, amountPlace(what));

function explained(
  objective: MetricName,
  value: number,
  bound: number,
  status: 'optimal' | 'feasible',
  limits: readonly Limit[],
): string {
  const proof =
    status === 'optimal'
      ? 'no choice has less'
      : `the search was cut off: there may be one with as little as ${inUnits(objective, bound)}`;
  const kept = limits.map(
    ({ name, limit }) => `${CONSTRAINT_TEXT[name]} of ${inUnits(LIMITED[name], limit)}`,
  );
  return `${objective} ${inUnits(objective, value)}${kept.length > 0 ? ` within ${kept.join(' and ')}` : ''}: ${proof}`;
}

/** Which limits can't be kept: those that can't even alone, else what is best for each while the others hold. */
function infeasible(
  problem: Problem,
  objective: MetricName,
  limits: readonly Limit[],
  extrapolationsLeftOut: number,
): NoConfigurations {
  const best = ({ name }: Limit, keep: readonly Limit[]): number | undefined => {
    const what = LIMITED[name];
    const limitOf = (other: MetricName): number =>
      keep.find((own) => LIMITED[own.name] === other)?.limit ?? Number.POSITIVE_INFINITY;
    const solution = solve({
      ...problem,
      objective: what === 'time' ? 'time' : amountPlace(what),
      deadline: limitOf('time'),
      limits: [limitOf('energy'), limitOf('cost'), limitOf('carbon')],
    });
    return solution.status === 'infeasible' ? undefined : solution.value;
  };
  const violation = (limit: Limit, keep: readonly Limit[]): NoConfigurations['violated'] => {
    const value = best(limit, keep);
    if (value === undefined || value <= limit.limit) return [];
    return [{ ...limit, best: value, whileKeeping: keep.map(({ name }) => name) }];
  };
  const alone = limits.flatMap((limit) => violation(limit, []));
  const others = (limit: Limit): Limit[] => limits.filter((other) => other !== limit);
  const together = alone.length > 0 ? [] : limits.flatMap((limit) => violation(limit, others(limit)));
  const violated = [...alone, ...together];
  const sentences = violated.map(({ name, limit, best: value, whileKeeping }) => {
    const what = LIMITED[name];
    const meanwhile = whileKeeping.map((other) => CONSTRAINT_TEXT[other]).join(' and ');
    return `${CONSTRAINT_TEXT[name]} of ${inUnits(what, limit)} can't be kept${meanwhile === '' ? '' : ` together with ${meanwhile}`}: the best is ${inUnits(what, value)}`;
  });
  const hint =
    extrapolationsLeftOut > 0
      ? `; ${extrapolationsLeftOut} candidates beyond what was seen were left out`
      : '';
  return {
    status: 'infeasible',
    objective,
    constraints: limits satisfies readonly ChoiceConstraint[],
    violated,
    extrapolationsLeftOut,
    explanation: `${sentences.join('; ') || 'the limits can not hold together'}${hint}`,
  };
}
