import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Parameters } from './json.js';
import type { CommandStageOptions, FunctionStageOptions, StageDefinition, StageInputs } from './stage.js';
import type { StageRef } from './strategy.js';

/** Where a workflow's stages are written down. */
export class Flow<P extends Parameters> {
  /** The workflow's own, with what the command line changed. */
  readonly parameters: P;
  readonly stages: StageDefinition[] = [];

  constructor(parameters: P) {
    this.parameters = parameters;
  }

  /** Adds a stage, and returns what stands for its output. */
  stage<
    Output,
    const Inputs extends StageInputs = Record<never, never>,
    S extends Parameters = Record<never, never>,
  >(
    name: string,
    options: FunctionStageOptions<Inputs, S, Output, Omit<P, keyof S> & S>,
  ): StageRef<Awaited<Output>>;
  /** The same for a program in any language, whose output is of the type that you name. */
  stage<Output = unknown, const Inputs extends StageInputs = Record<never, never>>(
    name: string,
    options: CommandStageOptions<Inputs, Parameters>,
  ): StageRef<Output>;
  stage(name: string, options: Omit<StageDefinition, 'name'>): StageRef<unknown> {
    if (this.stages.some((stage) => stage.name === name)) {
      throw new WattloopError(ErrorCode.badInput, `the workflow has two stages "${name}"`, {
        remedy: 'Give each a name of its own',
      });
    }
    this.stages.push({ name, ...options });
    return { stage: name };
  }
}
