/** The nouns of Wattloop and their units. No logic beyond what a noun is. */
export type { Configuration, Resources } from './configuration.js';
export type { CpuIdentity } from './cpu.js';
export { contains, DOMAINS, type Domain, disjoint } from './domain.js';
export type { EnergyShare } from './energy-share.js';
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
  OBJECTIVES,
  type Objective,
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
export { type Settings, settingsSchema } from './settings.js';
export type { ComputeSettings, WorkflowSettings } from './settings-compute.js';
export type { StorageSettings } from './settings-storage.js';
export { SOURCE_NAMES, type SourceName } from './source-name.js';
export type { StageSample } from './stage-sample.js';
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
