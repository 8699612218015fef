import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Configuration, Resources } from '../../model/index.js';
import { checkOutputs } from './check-outputs.js';
import { inputsOf, type ResolvedInput } from './resolve-inputs.js';
import type { StageDefinition } from './stage.js';
import { indexOfStage } from './stage-index.js';
import { stageOrder } from './stage-order.js';
import { isStageRef } from './strategy.js';
import type { BuiltWorkflow } from './workflow.js';

/** A stage with everything settled that can be before it runs. */
export interface ResolvedStage {
  readonly index: number;
  readonly definition: StageDefinition;
  readonly configuration: Configuration;
  readonly timeoutSeconds: number | undefined;
  readonly retries: number;
  readonly inputs: readonly ResolvedInput[];
  /** Stages all of whose partitions must be finished first, by index. */
  readonly after: readonly number[];
}

/** A configuration that replaces what the workflow says, in the parts that it names. */
export type Override = Partial<Configuration>;

export interface ResolveOptions {
  /** By stage; `*` is for all that no other names. */
  readonly overrides?: Readonly<Record<string, Override>>;
  /** What a stage is given that asks for some of it, or for nothing. */
  readonly resources: (asked: Partial<Resources>) => Resources;
  /** Why such resources can't be had; undefined where they can. */
  readonly refuses: (resources: Resources) => string | undefined;
  /** Workers of a stage that reads a file and does not say how many. */
  readonly usualWorkers: number;
  readonly retries: number;
  readonly timeoutSeconds: number | undefined;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const bad = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, message, { remedy });

/** Settles how many workers every stage has and with what, and refuses a workflow that can't run, before anything does. */
export function resolveWorkflow(built: BuiltWorkflow, options: ResolveOptions): ResolvedStage[] {
  const { stages } = built;
  if (stages.length === 0)
    throw bad(`the workflow "${built.name}" has no stages`, 'Add one: flow.stage("name", { run: () => … })');
  if (!NAME.test(built.name)) throw badName('workflow', built.name);
  for (const stage of stages) checkStage(stage);
  checkOutputs(stages);
  const indexOf = new Map(stages.map(({ name }, index) => [name, index]));
  for (const name of Object.keys(options.overrides ?? {})) if (name !== '*') indexOfStage(indexOf, name);
  const { order, before } = stageOrder(built.name, stages, indexOf);
  const undivided = broadcastStages(stages);
  const workers: number[] = [];
  const resolved: ResolvedStage[] = [];
  for (const index of order) {
    const definition = stages[index];
    if (definition === undefined) continue;
    const override = overrideFor(definition, options.overrides ?? {}, undivided);
    const given = checkedOverride(definition, override);
    const { inputs, count } = inputsOf(definition, indexOf, workers, given.workers, options.usualWorkers);
    const resources = resourcesOf(definition, given, options);
    workers[index] = count;
    const read = new Set(inputs.flatMap(({ stage }) => stage ?? []));
    resolved[index] = {
      index,
      definition,
      configuration: { ...resources, workers: count },
      timeoutSeconds: definition.timeoutSeconds ?? options.timeoutSeconds,
      retries: definition.retries ?? options.retries,
      inputs,
      after: (before[index] ?? []).filter((stage) => !read.has(stage)),
    };
  }
  return resolved;
}

function badName(what: string, name: string): WattloopError {
  return bad(
    `"${name}" can't be the name of a ${what}`,
    'Use letters, digits, ".", "_" and "-", a letter or digit first, 100 at most',
  );
}

function checkStage(stage: StageDefinition): void {
  const { name, run, command, workers, cpu, memoryMib, timeoutSeconds, retries } = stage;
  if (!NAME.test(name)) throw badName('stage', name);
  const where = `stage "${name}"`;
  if ((run === undefined) === (command === undefined))
    throw bad(
      `${where} has ${run ? 'both a function and a command' : 'no function'}`,
      'Give it run or command',
    );
  if (run !== undefined && typeof run !== 'function')
    throw bad(`${where}: run is no function`, 'Give it a function');
  if (command !== undefined && !(command.length > 0 && command.every((part) => typeof part === 'string')))
    throw bad(`${where}: command must be a list of texts`, "As in command: ['python3', 'train.py']");
  if (workers !== undefined && !(Number.isInteger(workers) && workers > 0))
    throw bad(`${where}: ${workers} workers`, 'Give a whole number from 1 on');
  for (const [key, value] of Object.entries({ cpu, memoryMib, timeoutSeconds })) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw bad(`${where}: ${key} is ${value}`, 'Give a number above 0');
  }
  for (const [input, from] of Object.entries(stage.inputs ?? {})) {
    if (from?.from === undefined || from.strategy === undefined)
      throw bad(
        `${where}, input "${input}" is missing`,
        'Say how it is shared: scatter(), each(), broadcast(), gather() or shuffle()',
      );
  }
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    throw bad(`${where}: ${retries} retries`, 'Give a whole number, 0 for none');
}

/** Stages that stay with one worker, as others get the whole of what it returns. */
const broadcastStages = (stages: readonly StageDefinition[]): ReadonlySet<string> =>
  new Set(
    stages.flatMap(({ inputs = {} }) =>
      Object.values(inputs).flatMap(({ strategy, from }) =>
        strategy === 'broadcast' && isStageRef(from) ? [from.stage] : [],
      ),
    ),
  );

/** `*` changes how many workers share a stage's work only where the stage's data can be shared. */
function overrideFor(
  stage: StageDefinition,
  overrides: Readonly<Record<string, Override>>,
  undivided: ReadonlySet<string>,
): Override {
  const { workers, ...all } = overrides['*'] ?? {};
  const shared = workers !== undefined && !undivided.has(stage.name) && isShareable(stage) ? { workers } : {};
  return { ...all, ...shared, ...overrides[stage.name] };
}

function isShareable(stage: StageDefinition): boolean {
  const strategies = Object.values(stage.inputs ?? {}).map(({ strategy }) => strategy);
  if (strategies.includes('each')) return false;
  if (strategies.some((strategy) => strategy === 'scatter' || strategy === 'shuffle')) return true;
  return (stage.workers ?? 1) > 1;
}

function checkedOverride(stage: StageDefinition, override: Override): StageDefinition {
  const given = { ...stage, ...override };
  checkStage(given);
  return given;
}

function resourcesOf(stage: StageDefinition, given: StageDefinition, options: ResolveOptions): Resources {
  const { cpu, memoryMib } = given;
  const resources = options.resources({
    ...(cpu !== undefined && { cpu }),
    ...(memoryMib !== undefined && { memoryMib }),
  });
  const reason = options.refuses(resources);
  if (reason !== undefined)
    throw bad(
      `stage "${stage.name}" asks for ${resources.cpu} processors and ${resources.memoryMib} MiB: ${reason}`,
      'Ask for less',
    );
  return resources;
}
