/** Workflows of parallel functions: written, run, profiled, predicted. */

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
