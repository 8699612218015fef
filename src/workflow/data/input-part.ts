import type { StorageSettings } from '../../model/index.js';

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
  | { readonly format: 'csv'; readonly delimiter: string; readonly header: readonly string[] }
  | { readonly format: 'lines' }
  | { readonly format: 'bytes'; readonly recordBytes: number };

/** What one invocation reads for one of its inputs: plain data that says all. */
export type InputPart =
  /** Given with the workflow itself. */
  | { readonly kind: 'value'; readonly value: unknown }
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
  /** A range of an object; what begins in it is read to its end, also beyond. */
  | {
      readonly kind: 'chunk';
      readonly place: ObjectPlace;
      readonly start: number;
      readonly end: number;
      readonly format: ChunkFormat;
    }
  /** Whole objects, as `{ name, bytes }`. */
  | { readonly kind: 'objects'; readonly places: readonly (ObjectPlace & { readonly name: string })[] };

/** How a stage's partition must be cut for one of those that read it: by a key of each element, into buckets. */
export interface ShuffleOutput {
  /** Names it among those of the stage. */
  readonly name: string;
  readonly key: (element: unknown) => string | number | boolean | bigint | null | undefined;
  readonly buckets: number;
}
