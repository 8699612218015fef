import { closest, ErrorCode, WattloopError } from '../../base/index.js';
import { Flow } from './flow.js';
import type { Json, Parameters } from './json.js';
import { checkParameter } from './parameter-value.js';
import type { StageDefinition } from './stage.js';
import type { StageRef } from './strategy.js';

/** What a run gives back: a stage's output, several by name, or nothing. */
export type WorkflowResult = StageRef<unknown> | Readonly<Record<string, StageRef<unknown>>> | undefined;

/** A workflow with its parameters settled: its stages in the order in which they were written. */
export interface BuiltWorkflow {
  readonly name: string;
  readonly parameters: Parameters;
  readonly stages: readonly StageDefinition[];
  readonly result: WorkflowResult;
}

export interface WorkflowOptions<P extends Parameters> {
  /** With the values that hold when the command line names no others. */
  readonly parameters?: P;
}

/** The mark of a workflow: the same in every copy of this module that a process may have loaded. */
const MARK = Symbol.for('wattloop.workflow');

export interface WorkflowDefinition {
  readonly name: string;
  readonly parameters: Parameters;
  /** Writes the stages down with these parameters instead of the workflow's own. */
  build(parameters?: Parameters): BuiltWorkflow;
}

export const isWorkflow = (value: unknown): value is WorkflowDefinition =>
  typeof value === 'object' && value !== null && MARK in value;

/**
 * A workflow: functions in stages, and the data that flows between them.
 *
 * The third argument writes the stages down. It is called again in every worker, with the same parameters, so it must
 * always write the same ones.
 */
export function workflow<const P extends Parameters>(
  name: string,
  options: WorkflowOptions<P>,
  write: (flow: Flow<Widened<P>>) => WorkflowResult,
): WorkflowDefinition {
  const defaults: Parameters = options.parameters ?? {};
  const definition: WorkflowDefinition = {
    name,
    parameters: defaults,
    build: (given = {}) => {
      for (const [key, value] of Object.entries(given)) {
        const usual = defaults[key];
        if (usual === undefined) throw unknownParameter(name, key, defaults);
        checkParameter(name, key, value, usual);
      }
      const parameters = { ...defaults, ...given };
      // What was given is of the kinds of the defaults, as was checked.
      const flow = new Flow(parameters as Widened<P>);
      const result = write(flow);
      return { name, parameters, stages: flow.stages, result };
    },
  };
  return Object.defineProperty(definition, MARK, { value: true });
}

/** A parameter's type is that of its default, not the one value. */
export type Widened<P> = {
  readonly [Key in keyof P]: P[Key] extends number
    ? number
    : P[Key] extends string
      ? string
      : P[Key] extends boolean
        ? boolean
        : P[Key] extends readonly (infer Item extends Json)[]
          ? readonly WidenedItem<Item>[]
          : P[Key];
};
type WidenedItem<Item> = Item extends number ? number : Item extends string ? string : Item;

function unknownParameter(name: string, key: string, known: Parameters): WattloopError {
  const names = Object.keys(known);
  return new WattloopError(ErrorCode.badInput, `the workflow "${name}" has no parameter "${key}"`, {
    remedy:
      names.length === 0
        ? 'It has none'
        : `Did you mean "${closest(key, names)}"? It has ${names.join(', ')}`,
  });
}
