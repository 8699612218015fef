/** What has been learnt: runs, invocations, samples of stages, experiments, models. One SQLite file. */
export type { InvocationFilter } from './invocations/invocation-table.js';
export { Knowledge, type KnowledgeOptions } from './knowledge.js';
export type { ExperimentFilter } from './learnt/experiment-table.js';
export type { ModelFilter } from './learnt/model-table.js';
export type { SampleFilter } from './learnt/sample-table.js';
export type { NewRun, RunChanges, RunEnd, RunFilter, RunState } from './runs/run-table.js';
