import type { StorageSettings } from '../../model/index.js';
import type { Columns } from './columns.js';

/** An object: in a store of its own (`storage`), as a file of this machine (`file`), or in the run's store. */
export type ObjectPlace =
  | { readonly in: 'run'; readonly key: string }
  | { readonly in: 'file'; readonly path: string }
  | { readonly in: 'storage'; readonly storage: StorageSettings; readonly key: string };

/** A part of a partition, cut between its elements: 0 to 1 is all of it. */
export interface Slice {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** How text and bytes are taken apart. */
export type ChunkFormat =
  | {
      readonly format: 'csv';
      readonly delimiter: string;
      readonly header: readonly string[];
      /** The only columns that are kept, and what they are made; all, as text, where there are none. */
      readonly columns?: Columns;
      /**
       * Where a chunk may begin: `records` where it was found beforehand where records begin, `lines` where it may begin
       * anywhere, as every line is a record.
       */
      readonly cut: 'records' | 'lines';
    }
  | { readonly format: 'lines' }
  | { readonly format: 'bytes'; readonly recordBytes: number };

/** A range of an object; what begins in it is read to its end, also beyond. */
export interface ChunkPart {
  readonly kind: 'chunk';
  readonly place: ObjectPlace;
  readonly start: number;
  readonly end: number;
  /** Where the object's first record begins: after a byte order mark, after a header. */
  readonly contentStart: number;
  /** Of the whole object, when the chunk was planned. */
  readonly objectBytes: number;
  readonly format: ChunkFormat;
  /** The object is compressed, and the range is one of what is in it: nobody can begin to read it in the middle. */
  readonly compression?: 'gzip';
}

/** What one invocation reads for one of its inputs: plain data that says all. */
export type InputPart =
  /** Given with the workflow itself. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Numbers from `start` on, `count` of them. */
  | { readonly kind: 'range'; readonly start: number; readonly step: number; readonly count: number }
  /** One partition of a stage, as its function returned it. */
  | { readonly kind: 'partition'; readonly key: string }
  /** All partitions of a stage, as a list. */
  | { readonly kind: 'partitions'; readonly keys: readonly string[] }
  /** Elements of partitions that are lists, one after another. */
  | { readonly kind: 'slices'; readonly slices: readonly Slice[] }
  /** The elements of all partitions that a shuffle sends here. */
  | {
      readonly kind: 'bucket';
      readonly keys: readonly string[];
      readonly shuffle: string;
      readonly bucket: number;
    }
  | ChunkPart
  /** Whole objects, as `{ name, bytes }`. */
  | { readonly kind: 'objects'; readonly places: readonly (ObjectPlace & { readonly name: string })[] };

/** What a shuffle goes by: elements of equal keys come to the same worker. */
export type ShuffleKey = string | number | boolean | bigint | null | undefined;

/** How a stage's partition must be cut for one of those that read it: by a key of each element, into buckets. */
export interface ShuffleOutput {
  /** Names it among those of the stage. */
  readonly name: string;
  readonly key: (element: unknown) => ShuffleKey;
  readonly buckets: number;
}
