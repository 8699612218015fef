/** Workflows of parallel functions: written, run, profiled, predicted. */

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
export { configurationsOf, type Grid } from './experiment/grid.js';
export { EXPERIMENT_ORDERS, type ExperimentOrder } from './experiment/order.js';
export {
  type ExperimentOptions,
  type ExperimentOutcome,
  runExperiment,
} from './experiment/run-experiment.js';
export { type LoadedWorkflow, loadWorkflow } from './run/load-workflow.js';
export { type RunOptions, WorkflowRunner } from './run/workflow-runner.js';
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
