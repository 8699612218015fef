/** What has been learnt: runs, invocations, samples of stages, experiments, models. One SQLite file. */
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportInvocations,
} from './export/export-invocations.js';
export type { InvocationFilter } from './invocations/invocation-table.js';
export { Knowledge, type KnowledgeOptions } from './knowledge.js';
export type { ExperimentFilter } from './learnt/experiment-table.js';
export type { ModelFilter } from './learnt/model-table.js';
export type { SampleFilter } from './learnt/sample-table.js';
export type { NewRun, RunChanges, RunEnd, RunFilter } from './runs/run-table.js';
export type { ServedCallFilter, ServedCallPage } from './served/call-page.js';
export type { FootprintSums, ServedRange } from './served/footprints.js';
export type { Retention } from './served/retention.js';
export type { Series, SeriesPoint, SeriesRange } from './served/series.js';
export type { Served } from './served/served.js';
