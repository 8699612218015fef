import type { StorageSettings } from '../../model/index.js';
import type { InputPart } from '../data/input-part.js';
import type { Parameters } from '../define/json.js';

/** What all invocations of a run share: read once by each worker, from a file. */
export interface Job {
  readonly run: string;
  readonly workflow: string;
  /** The bundle of the user's code: an absolute path. */
  readonly bundle: string;
  readonly parameters: Parameters;
  /** Of the workflow's file: where commands run, and what paths are relative to. */
  readonly folder: string;
  /** Of the stages, in the order of the workflow. */
  readonly workers: readonly number[];
  readonly storage: StorageSettings;
  readonly dataDir: string;
}

/** What one invocation of a stage is told. */
export interface StagePayload {
  /** The job's file. */
  readonly job: string;
  readonly stage: number;
  /** Key of the object that it writes. */
  readonly key: string;
  readonly inputs: Readonly<Record<string, InputPart>>;
}

/** What it tells beside what the meter saw. */
export interface StageOutcome {
  /** Units of work that it counted. */
  readonly work?: number;
}
