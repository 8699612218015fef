import type { WattloopError } from '../../base/index.js';
import type { FunctionSpec } from '../../model/index.js';

/** A function as files describe it: what it is, or why it can't be understood. */
export type Described = {
  readonly name: string;
  /** Where, for messages. */
  readonly place: string;
  /** Files and folders of its own, whose changes concern it. */
  readonly uses: readonly string[];
} & (
  | { readonly spec: FunctionSpec; readonly problem?: undefined }
  | { readonly spec?: undefined; readonly problem: WattloopError }
);

/** All that files describe. */
export interface Description {
  readonly functions: readonly Described[];
  /** What is wrong with what is no one function's, by the file: a stack.yml that is no YAML, say. */
  readonly problems: ReadonlyMap<string, WattloopError>;
  /** Folders in which a function may come to be. */
  readonly folders: readonly string[];
  /** What does no harm, but may not be what was meant. */
  readonly warnings: readonly string[];
}
