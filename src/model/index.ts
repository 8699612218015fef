/** The nouns of Wattloop and their units. No logic beyond what a noun is. */

export {
  CALL_NUMBERS,
  CallColumns,
  type CallNumber,
  type CallNumbers,
  type CallOrigin,
  type EnergyOrigin,
} from './call-columns.js';
export type {
  AxisLine,
  Characterisation,
  ConfigurationComparison,
  ConfigurationFigures,
  Drift,
  EnergyPerWork,
  MethodFigure,
  Observation,
  ParetoFront,
  ParetoPlace,
  RepeatedFigure,
  Scaling,
  Sensitivity,
  StageCharacterisation,
  WarmUps,
} from './characterisation.js';
export type { Configuration, Resources } from './configuration.js';
export type { CpuIdentity } from './cpu.js';
export { type Difference, EFFECT_WORDS, type EffectWord } from './difference.js';
export { contains, DOMAINS, type Domain, disjoint } from './domain.js';
export type { EnergyShare } from './energy-share.js';
export { EXPERIMENT_KINDS, type Experiment, type ExperimentKind, type SavedModel } from './experiment.js';
export type { FootprintWindow, FunctionWindow, NodeSecond } from './footprint-window.js';
export {
  type DeployedFunction,
  FUNCTION_KINDS,
  type FunctionKind,
  type FunctionQueue,
  type FunctionScale,
  type FunctionSpec,
} from './function-spec.js';
export {
  type AbsentMethod,
  INVOCATION_STATUSES,
  type Invocation,
  type InvocationError,
  type InvocationPhase,
  type InvocationStatus,
  type MethodUsage,
  PHASES,
  type PhaseName,
} from './invocation.js';
export type {
  LambdaArchitecture,
  LambdaEstimate,
  LambdaMerit,
  LambdaOption,
} from './lambda-estimate.js';
export {
  type FunctionLoad,
  type GeneratorFigures,
  type LatencyFigures,
  type LatencyPoint,
  LOAD_FAILURES,
  type LoadFailure,
  type LoadFigures,
  type LoadFootprint,
  type LoadResult,
  type ToldEnergy,
} from './load-result.js';
export { AXES, type AxisName, METRICS, type MetricName } from './metric.js';
export type { EnforcedLimit, Platform } from './platform.js';
export {
  type AbsentQuantities,
  type ChoiceConstraint,
  type ChosenConfigurations,
  CONSTRAINTS,
  type ConfigurationChoice,
  type ConstraintName,
  type Extrapolation,
  type GivenUp,
  type ModelErrors,
  type NoConfigurations,
  OPTIONAL_QUANTITIES,
  type OptionalQuantity,
  type PredictedFigure,
  STAGE_DIMENSIONS,
  STAGE_MODEL_KINDS,
  type StageChoice,
  type StageDimension,
  type StageModelKind,
  type StagePrediction,
  type WorkflowPrediction,
} from './prediction.js';
export { PRINCIPAL_KINDS, type Principal, type PrincipalKind } from './principal.js';
export { PROVENANCES, type Provenance } from './provenance.js';
export type { CounterReading, EnergyReading, PowerReading } from './reading.js';
export { RECOMMENDATION_KINDS, type Recommendation, type RecommendationKind } from './recommendation.js';
export {
  RUN_STATUSES,
  type RunExperiment,
  type RunFigures,
  type RunOwner,
  type RunRecord,
  type RunResult,
  type RunState,
  type RunStatus,
  type RunTotals,
  type StageSummary,
} from './run.js';
export type { RunProgress, StageProgress } from './run-progress.js';
export {
  type AccountedCall,
  CALL_STATUSES,
  type CallEnergy,
  type CallStatus,
  type ServedCall,
} from './served-call.js';
export type { MatchedComparison, SetComparison, Unmatched } from './set-comparison.js';
export { type Settings, settingsSchema } from './settings.js';
export type { ComputeSettings, WorkflowSettings } from './settings-compute.js';
export type { DockerSettings } from './settings-docker.js';
export type { GatewaySettings } from './settings-gateway.js';
export { type StorageSettings, storageSettings } from './settings-storage.js';
export { SOURCE_NAMES, type SourceName } from './source-name.js';
export { type MethodEnergy, type StageSample, WHOLE_RUN } from './stage-sample.js';
export type {
  InvocationTable,
  PowerTable,
  Trace,
  TraceDescription,
  TraceTruth,
  UsageTable,
} from './trace.js';
export { BYTES_PER_MIB, JOULES_PER_KILOWATT_HOUR, MICRO, NANOSECONDS_PER_SECOND } from './units.js';
export type { CgroupUsage, MachineUsage, ProcessIdentity, ProcessUsage, Usage } from './usage.js';
export {
  PLATFORMS,
  type PlatformName,
  type WorkerMatch,
  type WorkerRule,
  workerRule,
} from './worker-rule.js';
