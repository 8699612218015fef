import type { StorageSettings } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';

/** What planning a source may touch. */
export interface PlanContext {
  /** Paths are relative to it: the workflow's folder. */
  readonly baseFolder: string;
  /** Credentials and addresses for `s3://`, `gs://` and `azure://`. */
  readonly storage: StorageSettings;
  /** Opens a store, or gives the one that is open already. */
  open(settings: StorageSettings): Promise<ObjectStore>;
  /** Where files that are cut beforehand go: the run's store, and what their keys begin with (no `/` at its end). */
  readonly run: { readonly store: ObjectStore; readonly prefix: string };
  readonly signal?: AbortSignal;
}
