/** Workflows of parallel functions: written, run, profiled, predicted. */

export { type AnalyseOptions, analyse } from './characterize/analyse.js';
export { compareSets } from './characterize/compare-sets.js';
export { recommend } from './characterize/recommend/recommend.js';
export { type WholeRun, wholeRunSample } from './characterize/whole-run.js';
export { bundleModule, type ModuleBundle } from './code/bundle/bundle-module.js';
export { restBundler } from './code/bundle/bundler.js';
export { checkTypes } from './code/check-types.js';
export { refuseTypeErrors, type TypeCheck, type TypeCheckOptions, typeCheck } from './code/type-check.js';
export type { Columns, ColumnType, RowOf } from './data/columns.js';
export {
  binary,
  type Chunking,
  type CsvOptions,
  csv,
  type DataSource,
  type FileOptions,
  isDataSource,
  lines,
  objects,
  range,
  type SourceObject,
  values,
} from './data/sources.js';
export type { Json, Parameters } from './define/json.js';
export { parameterFromText } from './define/parameter-value.js';
export type { Override } from './define/resolve.js';
export type {
  CommandStageOptions,
  FunctionStageOptions,
  StageContext,
  StageInputs,
  StageOptions,
} from './define/stage.js';
export {
  broadcast,
  each,
  gather,
  type StageInput,
  type StageRef,
  scatter,
  shuffle,
} from './define/strategy.js';
export { type BuiltWorkflow, type WorkflowDefinition, workflow } from './define/workflow.js';
export {
  type CarbonWork,
  carbonOf,
  type InvocationCarbon,
  invocationCarbon,
  invocationCarbonGrams,
} from './estimate/invocation-carbon.js';
export { invocationCostUsd, type Priced } from './estimate/invocation-cost.js';
export { type LambdaEstimateOptions, lambdaEstimate } from './estimate/lambda-estimate.js';
export { type LambdaWork, lambdaWorkOf, type MeasuredPart } from './estimate/lambda-work.js';
export { FunctionExecutor, type Remote } from './executor/function-executor.js';
export type { Future, FutureStatus } from './executor/future.js';
export type { FutureList } from './executor/future-list.js';
export type {
  CallOptions,
  ExecutorOptions,
  LocalOptions,
  MapOptions,
  MapProgress,
  MapReduceOptions,
} from './executor/options.js';
export type { FunctionContext } from './executor/payload.js';
export type { Waited, WaitOptions } from './executor/wait.js';
export { configurationsOf, type Grid } from './experiment/grid.js';
export { EXPERIMENT_ORDERS, type ExperimentOrder } from './experiment/order.js';
export { type ResultSet, resultSet } from './experiment/result-set.js';
export {
  type ExperimentOptions,
  type ExperimentOutcome,
  runExperiment,
} from './experiment/run-experiment.js';
export { configurationsChosen, Forecast, type ForecastOptions, type Wishes } from './forecast/forecast.js';
export { candidatesOf } from './optimize/candidates.js';
export { type OptimizeRequest, optimize } from './optimize/optimize.js';
export { type FitOptions, fitStage as fitStageModels } from './predict/fit-stage.js';
export { modelFromJson, modelsFromJson } from './predict/model-json.js';
export { type PredictOptions, predictStage, predictWorkflow } from './predict/predict-workflow.js';
export type { PredictionInput } from './predict/prediction-input.js';
export type { Rates } from './predict/rates.js';
export type { StageModelData } from './predict/stage-model.js';
export { type StageModel, stageModel } from './predict/stage-predictor.js';
export { trainModels, type WorkflowModels } from './predict/train-models.js';
export type { Profile, ProfileColumn, ProfileEntry, ProfileStage, ProfileValue } from './profile/profile.js';
export { readProfileFile, writeProfileFile, writeProfileFolder } from './profile/profile-files.js';
export { type InvocationsProfile, profileOfInvocations } from './profile/profile-of-invocations.js';
export {
  type ProfileSamples,
  type ProfileSamplesOptions,
  profileSamples,
} from './profile/profile-samples.js';
export { type LoadedWorkflow, loadWorkflow } from './run/load-workflow.js';
export { resumeCommand } from './run/resume-command.js';
export type { RunOptions } from './run/run-options.js';
export { WorkflowRunner } from './run/workflow-runner.js';
