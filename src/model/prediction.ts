import type { Configuration } from './configuration.js';
import type { PhaseName } from './invocation.js';
import type { MetricName } from './metric.js';
import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

/** A figure that a model expects of one more run, and how far off that run may be. */
export interface PredictedFigure {
  readonly mean: number;
  readonly deviation: number;
  /** Where 95 of 100 runs would lie. */
  readonly interval95: { readonly low: number; readonly high: number };
}

/** The kinds of models, the plainest first. */
export const STAGE_MODEL_KINDS = ['analytic', 'mixed', 'gaussian_process'] as const;
export type StageModelKind = (typeof STAGE_MODEL_KINDS)[number];

/** How well a model foretold configurations that it had not seen. */
export interface ModelErrors {
  /** Of the absolute errors relative to what was seen. */
  readonly median: number;
  readonly percentile90: number;
  /** The part of the samples that lay within their 95 % intervals. */
  readonly coverage: number;
}

/** What a stage's configuration is varied in. */
export const STAGE_DIMENSIONS = ['cpu', 'memoryMib', 'workers', 'work'] as const;
export type StageDimension = (typeof STAGE_DIMENSIONS)[number];

/** That a prediction reaches beyond what was seen, and in what. */
export interface Extrapolation {
  /** Each dimension whose value lies outside the range seen; none where only the combination does. */
  readonly dimensions: readonly {
    readonly name: StageDimension;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly reason: string;
}

/** Figures of a prediction that may be absent, with the reason then. */
export const OPTIONAL_QUANTITIES = ['joules', 'carbonGrams', 'costUsd'] as const;
export type OptionalQuantity = (typeof OPTIONAL_QUANTITIES)[number];
export type AbsentQuantities = Readonly<Partial<Record<OptionalQuantity, string>>>;

export interface StagePrediction {
  readonly stage: string;
  readonly configuration: Configuration;
  readonly work?: number;
  readonly wallSeconds: PredictedFigure;
  /** Absent where no sample tells it. */
  readonly cpuSeconds?: PredictedFigure;
  /** Sums over the stage's invocations. */
  readonly phases: Readonly<Record<PhaseName, PredictedFigure>>;
  readonly joules?: PredictedFigure;
  readonly carbonGrams?: PredictedFigure;
  readonly costUsd?: PredictedFigure;
  readonly absent: AbsentQuantities;
  /** Where the joules that the model learnt from came from. */
  readonly source?: SourceName;
  readonly provenance?: Provenance;
  readonly timeKind: StageModelKind;
  readonly energyKind?: StageModelKind;
  /** By leaving configurations out; absent where there were too few. */
  readonly timeErrors?: ModelErrors;
  readonly energyErrors?: ModelErrors;
  /** Samples and configurations that the model learnt from. */
  readonly samples: number;
  readonly configurations: number;
  readonly extrapolation?: Extrapolation;
}

export interface WorkflowPrediction {
  readonly stages: readonly StagePrediction[];
  /** From the first stage's start to the last one's end, each stage beginning once all that it waits for have ended. */
  readonly wallSeconds: PredictedFigure;
  /** The stages that the time is made of when each takes its mean, and the sum of those means. */
  readonly criticalPath: { readonly stages: readonly string[]; readonly seconds: number };
  /** No overlap of stages that feed one another, however good, makes it shorter than its longest stage. */
  readonly leastSeconds: number;
  /** Absent where no sample tells it. */
  readonly cpuSeconds?: PredictedFigure;
  readonly joules?: PredictedFigure;
  readonly carbonGrams?: PredictedFigure;
  readonly costUsd?: PredictedFigure;
  readonly absent: AbsentQuantities;
  /** Stages whose prediction reaches beyond what was seen. */
  readonly extrapolations: readonly { readonly stage: string; readonly reason: string }[];
  /** The chance that the run ends within the deadline that was asked about. */
  readonly deadline?: { readonly seconds: number; readonly chance: number };
  /** What the figures do not contain. */
  readonly notes: readonly string[];
}

export const CONSTRAINTS = ['deadline', 'cost_budget', 'energy_budget', 'carbon_budget'] as const;
export type ConstraintName = (typeof CONSTRAINTS)[number];

/** A limit that a choice was to keep. */
export interface ChoiceConstraint {
  readonly name: ConstraintName;
  readonly limit: number;
  /** What the choice comes to; absent where nothing could be chosen. */
  readonly value?: number;
}

/** Another configuration of a stage, and what taking it instead would change. */
export interface GivenUp {
  readonly configuration: Configuration;
  readonly wallSeconds: number;
  readonly joules?: number;
  readonly carbonGrams?: number;
  readonly costUsd?: number;
  readonly reason: string;
}

export interface StageChoice {
  readonly stage: string;
  readonly prediction: StagePrediction;
  readonly candidates: number;
  /** The nearest rivals, the best first. */
  readonly givenUp: readonly GivenUp[];
}

/** A configuration for every stage, or why there is none. */
export type ConfigurationChoice = ChosenConfigurations | NoConfigurations;

export interface ChosenConfigurations {
  /** `optimal` is proven; `feasible` keeps all limits, but the search was cut off before the proof. */
  readonly status: 'optimal' | 'feasible';
  readonly objective: MetricName;
  /** The objective's value, by the means. */
  readonly value: number;
  /** No choice has less. */
  readonly bound: number;
  readonly stages: readonly StageChoice[];
  readonly constraints: readonly ChoiceConstraint[];
  readonly prediction: WorkflowPrediction;
  /** Candidates that were not considered as they lie beyond what was seen. */
  readonly extrapolationsLeftOut: number;
  readonly explanation: string;
}

export interface NoConfigurations {
  readonly status: 'infeasible';
  readonly objective: MetricName;
  readonly constraints: readonly ChoiceConstraint[];
  /** Limits that can't be kept, and the best that can be had for each while the others hold. */
  readonly violated: readonly {
    readonly name: ConstraintName;
    readonly limit: number;
    readonly best: number;
    /** Others that hold meanwhile; none where the limit can't be kept even by itself. */
    readonly whileKeeping: readonly ConstraintName[];
  }[];
  readonly extrapolationsLeftOut: number;
  readonly explanation: string;
}
