import type { Parameters } from './json.js';
import type { StageInput, StageRef } from './strategy.js';

// biome-ignore lint/suspicious/noExplicitAny: what is received is only inferred from it, never used.
export type StageInputs = Readonly<Record<string, StageInput<any>>>;

/** What the function gets for each of its inputs. */
type Received<Inputs extends StageInputs> = {
  readonly [Name in keyof Inputs]: Inputs[Name] extends StageInput<infer Value> ? Value : never;
};

/** What a stage's function can know and tell beside its inputs. */
export interface StageContext<P extends Parameters = Parameters> {
  /** The workflow's, and the stage's own. */
  readonly parameters: P;
  readonly workflow: string;
  readonly run: string;
  readonly stage: string;
  /** From 0. */
  readonly partition: number;
  /** Among how many the work is shared. */
  readonly workers: number;
  /** 1 for the first, 2 for the first retry. */
  readonly attempt: number;
  /** Aborted when the invocation is cancelled. */
  readonly signal: AbortSignal;
  /** Adds units of work (rows, samples, frames): energy is then also told per unit. */
  countWork(units: number): void;
}

export interface StageOptions<Inputs extends StageInputs, P extends Parameters> {
  readonly inputs?: Inputs;
  /** The same for all workers, beside the workflow's own; of two with one name, the stage's counts. */
  readonly parameters?: P;
  /** Invocations that share the work. When not set: as many as the data asks for. */
  readonly workers?: number;
  /** Processors of each; parts of one are allowed. */
  readonly cpu?: number;
  readonly memoryMib?: number;
  readonly timeoutSeconds?: number;
  /** Times that a failed invocation is tried again. */
  readonly retries?: number;
  /** Stages that must have ended before, though no data comes from them. */
  readonly after?: readonly (StageRef<unknown> | string)[];
  /** Keeps a copy of the partitions in the store under this key, which no later run removes: `models/forest`. */
  readonly output?: string;
}

export interface FunctionStageOptions<
  Inputs extends StageInputs,
  P extends Parameters,
  Output,
  Given extends Parameters = P,
> extends StageOptions<Inputs, P> {
  readonly run: (inputs: Received<Inputs>, context: StageContext<Given>) => Output;
}

export interface CommandStageOptions<Inputs extends StageInputs, P extends Parameters>
  extends StageOptions<Inputs, P> {
  /** A program and its arguments, in any language: it finds its inputs as files and its parameters as JSON. */
  readonly command: readonly string[];
}

/** A stage as it was written, its types forgotten. */
export interface StageDefinition extends StageOptions<StageInputs, Parameters> {
  readonly name: string;
  readonly run?: (inputs: Readonly<Record<string, unknown>>, context: StageContext) => unknown;
  readonly command?: readonly string[];
}
