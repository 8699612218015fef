import type { Columns, ColumnType, RowOf } from './columns.js';

/** `dynamic`: workers read their ranges of the file itself. `static`: the file is cut into objects before the run. */
export type Chunking = 'dynamic' | 'static';

/** What a source of data is: plain data. */
type SourceSpec =
  | {
      readonly source: 'csv';
      readonly path: string;
      readonly delimiter: string;
      /** Names of the columns, where the first record does not say. */
      readonly header?: readonly string[];
      readonly columns?: Columns;
      readonly multiline: boolean;
      readonly chunking: Chunking;
    }
  | { readonly source: 'lines'; readonly path: string; readonly chunking: Chunking }
  | {
      readonly source: 'binary';
      readonly path: string;
      readonly recordBytes: number;
      readonly chunking: Chunking;
    }
  | { readonly source: 'objects'; readonly path: string }
  | { readonly source: 'values'; readonly values: readonly unknown[] }
  | { readonly source: 'range'; readonly start: number; readonly step: number; readonly count: number };

/** One file that is cut for its readers. */
export type FileSpec = Extract<SourceSpec, { readonly chunking: Chunking }>;

declare const reads: unique symbol;

/** Data that a workflow begins with. `T` is what a worker gets of it: a list of its elements, or bytes. */
export type DataSource<T> = SourceSpec & { readonly [reads]?: T };

/** A file named as an object. */
export interface SourceObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FileOptions {
  /** `dynamic` when not given. */
  readonly chunking?: Chunking;
}

export interface CsvOptions<C extends Columns> extends FileOptions {
  /** What lies between fields; a comma when not given. */
  readonly delimiter?: string;
  /** Names of the columns, of a file whose first record is data. */
  readonly header?: readonly string[];
  /** The columns to read, and what to make of them; all, as text, when not given. */
  readonly columns?: C;
  /**
   * Whether quoted fields may contain line breaks; true when not given. `false` spares the one pass through the file that it
   * takes to know where records begin, and is wrong for files that have such fields.
   */
  readonly multiline?: boolean;
}

/**
 * Rows of a CSV file, as objects: `csv('people.csv', { columns: { name: 'text', age: 'number?' } })`. Paths are relative to
 * the workflow's folder, or `s3://bucket/key`, `gs://bucket/key`, `azure://container/key`.
 */
export function csv(path: string, options?: CsvOptions<never>): DataSource<Record<string, string>[]>;
export function csv<const C extends Columns>(
  path: string,
  options: CsvOptions<C> & { readonly columns: C },
): DataSource<RowOf<C>[]>;
export function csv(
  path: string,
  options: CsvOptions<Record<string, ColumnType>> = {},
): DataSource<unknown[]> {
  const { delimiter = ',', header, columns, multiline = true, chunking = 'dynamic' } = options;
  return {
    source: 'csv',
    path,
    delimiter,
    multiline,
    chunking,
    ...(header ? { header } : {}),
    ...(columns ? { columns } : {}),
  };
}

/** Lines of a text, without what ends them. */
export const lines = (path: string, { chunking = 'dynamic' }: FileOptions = {}): DataSource<string[]> => ({
  source: 'lines',
  path,
  chunking,
});

/** Bytes of a file, cut between records of `recordBytes`; anywhere when not given. */
export const binary = (
  path: string,
  { recordBytes = 1, chunking = 'dynamic' }: FileOptions & { readonly recordBytes?: number } = {},
): DataSource<Uint8Array> => ({ source: 'binary', path, recordBytes, chunking });

/** Whole files: one, those of a folder, those whose keys begin so, or those that match a pattern such as `images/*.png`. */
export const objects = (path: string): DataSource<SourceObject[]> => ({ source: 'objects', path });

/** Values that are given with the workflow. */
export const values = <T>(list: readonly T[]): DataSource<T[]> => ({ source: 'values', values: list });

/** Numbers from 0, or `start`, up to and not including `end`. */
export function range(end: number): DataSource<number[]>;
export function range(start: number, end: number, step?: number): DataSource<number[]>;
export function range(first: number, second?: number, step = 1): DataSource<number[]> {
  const [start, end] = second === undefined ? [0, first] : [first, second];
  return { source: 'range', start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
}

const SOURCES: readonly string[] = ['csv', 'lines', 'binary', 'objects', 'values', 'range'];

/** Tells a source from a stage: by what it says, as it may come from another copy of this module. */
export const isDataSource = (value: unknown): value is DataSource<unknown> =>
  typeof value === 'object' && value !== null && 'source' in value && SOURCES.includes(String(value.source));
