import type { MeanRatio, Statistics } from '../maths/index.js';
import type { Configuration } from './configuration.js';
import type { Difference } from './difference.js';
import type { Domain } from './domain.js';
import type { PhaseName } from './invocation.js';
import type { AxisName, MetricName } from './metric.js';
import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

/** One repetition's figure. */
export interface Observation {
  readonly run: string;
  readonly repetition: number;
  readonly value: number;
  /** Far from the others of its configuration. Marked, and counted in all statistics nevertheless. */
  readonly isOutlier: boolean;
}

/** A figure over the repetitions of one configuration, warm-ups apart. */
export interface RepeatedFigure {
  readonly statistics: Statistics;
  /** The deviation as a part of the mean (CV). */
  readonly variation?: number;
  readonly observations: readonly Observation[];
}

/** Energy per unit of work: what the workflow counts as work, or else an invocation. */
export interface EnergyPerWork extends RepeatedFigure {
  readonly per: 'work' | 'invocation';
}

/** What runs before the statistics began took, on average. */
export interface WarmUps {
  readonly count: number;
  readonly seconds: number;
  readonly joules?: number;
}

/** A source's figure for a configuration. */
export interface MethodFigure {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  readonly statistics: Statistics;
}

/** What a stage, or the whole workflow, did under one configuration. */
export interface ConfigurationFigures {
  readonly configuration: Configuration;
  readonly repetitions: number;
  /** Absent where there were none. */
  readonly warmUps?: WarmUps;
  /** Of all its invocations, warm-ups apart; absent where nothing was invoked. */
  readonly coldStartShare?: number;
  /** Seconds, joules, US dollars, grams. A metric that some repetition lacks is over those that have it. */
  readonly metrics: Readonly<Partial<Record<MetricName, RepeatedFigure>>>;
  readonly energyPerWork?: EnergyPerWork;
  /** Energy times time, in joule-seconds: small only where both are. */
  readonly energyDelay?: RepeatedFigure;
  /** Mean seconds by phase, summed over the invocations of a repetition. */
  readonly phaseSeconds: Readonly<Record<PhaseName, number>>;
  readonly methods: readonly MethodFigure[];
}

/** Configurations that differ along one axis alone, in its order; two or more. Memory may take processors along, as on Lambda. */
export interface AxisLine {
  readonly axis: AxisName;
  readonly configurations: readonly Configuration[];
}

/** Two configurations held against one another: the best of a metric and another, or neighbours along an axis. */
export interface ConfigurationComparison {
  readonly metric: MetricName;
  readonly kind: 'best' | AxisName;
  readonly from: Configuration;
  readonly to: Configuration;
  readonly difference: Difference;
}

/** How much of the speed-up that more workers or processors could give they gave. */
export interface Scaling {
  readonly axis: 'workers' | 'cpu';
  /** The smallest along the axis, everything else equal. */
  readonly base: Configuration;
  readonly configuration: Configuration;
  /** The base's time over this one's. */
  readonly speedUp: MeanRatio;
  readonly ideal: number;
  /** Speed-up over the ideal: 1 where twice as many are twice as fast. */
  readonly efficiency: MeanRatio;
}

/** A configuration's place among all by several metrics at once. */
export interface ParetoPlace {
  readonly configuration: Configuration;
  /** Means, in the order of the front's metrics. */
  readonly values: readonly number[];
  /** Those that are nowhere worse and somewhere better; none on the front. */
  readonly dominatedBy: readonly Configuration[];
  /** Of a dominated one: whether chance can't explain by how much one of those is better. */
  readonly isSurelyDominated: boolean;
  /** The point of the front that gives up least. */
  readonly isKnee: boolean;
}

export interface ParetoFront {
  /** Those that every configuration has. */
  readonly metrics: readonly MetricName[];
  readonly places: readonly ParetoPlace[];
}

/** Whether figures change in the course of the experiment, configurations apart. */
export interface Drift {
  readonly metric: MetricName;
  /** From the first run's start to the last one's. */
  readonly overSeconds: number;
  /** Change over that time as a part of what it began with, and its 95 % interval: -0.5 is half as much at the end. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly adjustedP: number;
  readonly isDrifting: boolean;
}

/** What the repetitions that were made can tell. */
export interface Sensitivity {
  readonly metric: MetricName;
  /** The fewest that a configuration has. */
  readonly repetitions: number;
  /** Deviation as a part of the mean, over all configurations. */
  readonly variation: number;
  /** The least relative difference between two configurations that is found in 8 of 10 experiments; absent where none is. */
  readonly detectable?: number;
  /** The difference that should be found. */
  readonly wanted: number;
  /** Repetitions of each configuration that find it in 8 of 10 experiments; absent beyond 100,000. */
  readonly needed?: number;
}

/** What is known of a stage, or of the whole workflow where `stage` is `WHOLE_RUN`, over all configurations. */
export interface StageCharacterisation {
  readonly stage: string;
  /** In order of cpu, memory, workers. */
  readonly configurations: readonly ConfigurationFigures[];
  /** All lines of the grid along which configurations can be held against one another. */
  readonly lines: readonly AxisLine[];
  readonly comparisons: readonly ConfigurationComparison[];
  readonly scaling: readonly Scaling[];
  readonly front: ParetoFront;
  readonly drifts: readonly Drift[];
  readonly sensitivities: readonly Sensitivity[];
  /** How its energies were got. */
  readonly energySources: readonly { readonly source: SourceName; readonly provenance: Provenance }[];
  /** What to know before these figures are used, in words. */
  readonly notes: readonly string[];
}

/** A workflow over a grid of configurations. */
export interface Characterisation {
  readonly workflow: string;
  /** The whole workflow first, where there are samples of whole runs. */
  readonly stages: readonly StageCharacterisation[];
}
