import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Clock,
  ErrorCode,
  messageOf,
  type StageVariable,
  systemClock,
  WattloopError,
} from '../../base/index.js';
import { findCommand } from '../../meter/index.js';
import { formatOf, type InputFormat, writeInput } from './input-files.js';
import { jsonText } from './json-text.js';
import { outputPaths, type Printed, readOutput } from './outputs.js';
import { type Exit, runProcess } from './run-process.js';
import { Tail } from './tail.js';
import { readWork } from './work.js';

/** More than that is no result, but a log. */
const PRINTED_RESULT_BYTES = 64 * 1024 * 1024;
const ERROR_TAIL_BYTES = 4 * 1024;
const ERROR_TAIL_LINES = 10;

export interface CommandStage {
  /** The program and its arguments; no shell reads them. A program with a `/` is relative to `folder`. */
  readonly command: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** How inputs become files, where their values alone don't say: `inputFormat` of what they were read from. */
  readonly formats?: Readonly<Record<string, InputFormat | undefined>>;
  /** Written as JSON. */
  readonly parameters: unknown;
  readonly context: {
    readonly partition: number;
    readonly workers: number;
    readonly countWork?: (units: number) => void;
  };
  /** Where the command runs: the workflow's folder. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** What the command prints, as it comes. */
  readonly onOutput?: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  /** Where the scratch folder is made; the system's place for such when not given. */
  readonly scratchFolder?: string;
  /** What the command's environment begins with; this process's own when not given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/** Runs a stage's command for one invocation: inputs go in as files, and its result is what it wrote. */
export async function runCommandStage(stage: CommandStage): Promise<unknown> {
  const { command, folder, signal, env = process.env, clock = systemClock, onOutput } = stage;
  if (signal?.aborted) throw cancelled(command, signal);
  const [program = '', ...args] = command;
  const file = findCommand(program.includes('/') ? resolve(folder, program) : program, env);
  const scratch = await mkdtemp(join(stage.scratchFolder ?? tmpdir(), 'wattloop-stage-'));
  try {
    const places = await prepare(scratch, stage);
    const errors = new Tail(ERROR_TAIL_BYTES);
    const printed = new Printout();
    const exit = await runProcess({
      file,
      args,
      folder,
      env: { ...env, ...places },
      clock,
      ...(signal ? { signal } : {}),
      onOutput: (chunk, stream) => {
        onOutput?.(chunk, stream);
        if (stream === 'stderr') errors.add(chunk);
        else printed.add(chunk);
      },
    }).catch((error: unknown) => {
      throw new WattloopError(
        ErrorCode.commandFailed,
        `${command.join(' ')} could not be run: ${messageOf(error)}`,
        { cause: error },
      );
    });
    if (signal?.aborted) throw cancelled(command, signal);
    if (exit.code !== 0) throw failed(command, exit, errors);
    const result = await readOutput(outputPaths(scratch), printed.text(), program);
    const work = await readWork(workPath(scratch), program);
    if (work !== undefined) stage.context.countWork?.(work);
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

const workPath = (scratch: string): string => join(scratch, 'work');

/** Writes what the command is given, and says in the environment where. */
async function prepare(scratch: string, stage: CommandStage): Promise<Record<StageVariable, string>> {
  const inputs = join(scratch, 'inputs');
  const parameters = join(scratch, 'parameters.json');
  const outputs = outputPaths(scratch);
  await mkdir(inputs);
  await mkdir(outputs.folder);
  for (const [name, value] of Object.entries(stage.inputs)) {
    await writeInput(inputs, name, value, stage.formats?.[name] ?? formatOf(value));
  }
  await writeFile(parameters, jsonText(stage.parameters ?? {}, 'parameters'));
  return {
    WATTLOOP_INPUTS: inputs,
    WATTLOOP_PARAMETERS: parameters,
    WATTLOOP_OUTPUT: outputs.json,
    WATTLOOP_OUTPUT_BYTES: outputs.bytes,
    WATTLOOP_OUTPUTS: outputs.folder,
    WATTLOOP_WORK: workPath(scratch),
    WATTLOOP_PARTITION: String(stage.context.partition),
    WATTLOOP_WORKERS: String(stage.context.workers),
  };
}

/** What a command prints, for as long as it may be a result. */
class Printout {
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes <= PRINTED_RESULT_BYTES) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  text(): Printed {
    return this.#bytes > PRINTED_RESULT_BYTES ? undefined : Buffer.concat(this.#pieces).toString('utf8');
  }
}

const cancelled = (command: readonly string[], signal: AbortSignal): WattloopError =>
  new WattloopError(ErrorCode.cancelled, `${command.join(' ')} was cancelled`, { cause: signal.reason });

function failed(command: readonly string[], exit: Exit, errors: Tail): WattloopError {
  const how = exit.signal === null ? `ended with exit code ${exit.code}` : `was ended by ${exit.signal}`;
  const last = errors.lines(ERROR_TAIL_LINES).join('\n');
  const message = `${command.join(' ')} ${how}${last === '' ? '' : `:\n${last}`}`;
  return new WattloopError(ErrorCode.commandFailed, message, {
    remedy: last === '' ? 'It wrote nothing to stderr; see its log' : 'Its whole output is in its log',
  });
}
