import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorCode, makeFolders, messageOf, WattloopError } from '../../base/index.js';
import type { TraceDescription } from '../../model/index.js';
import { figureText, nameText, requiredText } from './csv/write-rows.js';
import { descriptionText } from './description-file.js';
import { INVOCATION_COLUMNS, POWER_COLUMNS, TRACE_FILES, USAGE_COLUMNS } from './files.js';

/** One sample of power: seconds since the trace's start, and mean watts since the sample before; absent where unknown. */
export interface StreamedPower {
  readonly t: number;
  readonly systemWatts: number | undefined;
  readonly cpuWatts: number | undefined;
}

export interface StreamedInvocation {
  readonly function: string;
  readonly start: number;
  /** Absent while it has not ended. */
  readonly end: number | undefined;
  readonly cold: boolean;
}

/** Columns that a recorder of CPU time has no figures for. */
const NO_COUNTERS = ','.repeat(USAGE_COLUMNS.length - 1 - 3);

/**
 * A trace directory that grows: rows are appended as they come, so that whatever ends it, what was written up to then is a
 * trace. The folder must be empty, or not be there.
 */
export class TraceStream {
  readonly directory: string;
  readonly #power: number;
  readonly #usage: number;
  readonly #invocations: number;
  #isOpen = true;

  constructor(directory: string) {
    this.directory = directory;
    refuseFull(directory);
    this.#power = this.#begin(TRACE_FILES.power, POWER_COLUMNS.slice(0, -1));
    this.#usage = this.#begin(TRACE_FILES.usage, USAGE_COLUMNS.slice(0, -1));
    this.#invocations = this.#begin(TRACE_FILES.invocations, INVOCATION_COLUMNS);
  }

  power(samples: readonly StreamedPower[]): void {
    const rows = samples.map(
      ({ t, systemWatts, cpuWatts }) =>
        `${requiredText(t, 'the time of a sample')},${figureText(systemWatts)},${figureText(cpuWatts)}\n`,
    );
    this.#append(this.#power, rows);
  }

  /** CPU seconds of a principal (`fn:NAME`, `control-plane`, `system`…) since the sample before. */
  usage(t: number, cpuSeconds: Iterable<readonly [principal: string, seconds: number]>): void {
    const time = requiredText(t, 'the time of a sample');
    const rows = Array.from(
      cpuSeconds,
      ([name, seconds]) => `${time},${nameText(name, 'a principal')},${figureText(seconds)}${NO_COUNTERS}\n`,
    );
    this.#append(this.#usage, rows);
  }

  invocations(invocations: readonly StreamedInvocation[]): void {
    const rows = invocations.map(({ function: name, start, end, cold }) => {
      const cells = [nameText(name, 'a function'), requiredText(start, 'the start of an invocation')];
      return `${[...cells, figureText(end), cold ? 1 : 0].join(',')}\n`;
    });
    this.#append(this.#invocations, rows);
  }

  /** What is known of the machine; may be said again when more is known. */
  describe(description: TraceDescription): void {
    const text = descriptionText(description);
    if (text !== undefined)
      this.#guard(() => writeFileSync(join(this.directory, TRACE_FILES.description), text));
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const file of [this.#power, this.#usage, this.#invocations]) closeSync(file);
  }

  #begin(name: string, columns: readonly string[]): number {
    return this.#guard(() => {
      const file = openSync(join(this.directory, name), 'wx');
      writeSync(file, `${columns.join(',')}\n`);
      return file;
    });
  }

  #append(file: number, rows: readonly string[]): void {
    if (rows.length > 0) this.#guard(() => writeSync(file, rows.join('')));
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new WattloopError(
        ErrorCode.writeFailed,
        `could not write the trace ${this.directory}: ${messageOf(error)}`,
        { remedy: 'Name a folder where there is room and you may write', cause: error },
      );
    }
  }
}

function refuseFull(directory: string): void {
  try {
    makeFolders(directory);
    const [first] = readdirSync(directory);
    if (first === undefined) return;
    throw new WattloopError(ErrorCode.badUsage, `${directory} holds ${first}, and will not be overwritten`, {
      remedy: 'Name a folder that does not exist yet, or is empty',
    });
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(ErrorCode.writeFailed, `could not make ${directory}: ${messageOf(error)}`, {
      remedy: 'Name a folder, in one that exists, where you may write',
      cause: error,
    });
  }
}
