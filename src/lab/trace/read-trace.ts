import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, misspelt, systemCode } from '../../base/index.js';
import type { Finding } from '../../footprint/index.js';
import type { InvocationTable, PowerTable, Trace, TraceTruth, UsageTable } from '../../model/index.js';
import { badFile, quoted } from './csv/problem.js';
import { type ReadTable, readTable } from './csv/read-table.js';
import { readDescription } from './description-file.js';
import { INVOCATION_COLUMNS, POWER_COLUMNS, RARE_COLUMNS, TRACE_FILES, USAGE_COLUMNS } from './files.js';
import type { Tell } from './findings.js';
import { InvocationRows } from './invocations-file.js';
import { PowerRows } from './power-file.js';
import { readTruth } from './truth-file.js';
import { UsageRows } from './usage-file.js';

export interface ReadTraceOptions {
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
  /** What the reader should know though the trace can be used. */
  readonly onFinding?: (finding: Finding) => void;
  /** Takes a trace in which nothing ran, as that of a machine at rest. */
  readonly allowNoInvocations?: boolean;
}

/** The trace in a directory. What can't be used is an error that says file, line, and what would mend it. */
export async function readTrace(directory: string, options: ReadTraceOptions = {}): Promise<Trace> {
  const reader = await TraceReader.open(directory, options);
  const description = await readDescription(join(directory, TRACE_FILES.description), reader.tell);
  const truth = await readTruth(join(directory, TRACE_FILES.truth));
  const power = await reader.power();
  const invocations = await reader.invocations(options.allowNoInvocations ?? false);
  const usage = await reader.usage();
  if (truth) tellOfStrangers(directory, truth, invocations, reader.tell);
  return { power, invocations, description, ...(usage && { usage }), ...(truth && { truth }) };
}

const TABLES: readonly string[] = [TRACE_FILES.power, TRACE_FILES.invocations, TRACE_FILES.usage];

class TraceReader {
  readonly tell: Tell;
  readonly #directory: string;
  readonly #names: readonly string[];
  readonly #onProgress: (bytesDone: number, bytesTotal: number) => void;
  readonly #bytesTotal: number;
  #bytesDone = 0;

  private constructor(
    directory: string,
    names: readonly string[],
    bytesTotal: number,
    options: ReadTraceOptions,
  ) {
    this.#directory = directory;
    this.#names = names;
    this.#bytesTotal = bytesTotal;
    this.tell = options.onFinding ?? (() => {});
    this.#onProgress = options.onProgress ?? (() => {});
  }

  static async open(directory: string, options: ReadTraceOptions): Promise<TraceReader> {
    const names = await namesIn(directory);
    const tables = names.filter((name) => TABLES.includes(name));
    // What can't be looked at is said when it is opened.
    const sizeOf = (name: string): Promise<number> =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      );
    const sizes = await Promise.all(tables.map(sizeOf));
    return new TraceReader(
      directory,
      names,
      sizes.reduce((sum, size) => sum + size, 0),
      options,
    );
  }

  async power(): Promise<PowerTable> {
    const path = this.#required(TRACE_FILES.power);
    const taker = new PowerRows();
    const [t, systemWatts, ...parts] = POWER_COLUMNS;
    const columns = { required: [t, systemWatts], optional: parts };
    const read = await readTable(path, columns, taker, this.#count);
    this.#tellOfColumns(path, read);
    if (read.rows === 0) throw empty(path, 'Add what the machine drew, a row a second');
    return taker.table();
  }

  async invocations(allowNone: boolean): Promise<InvocationTable> {
    const path = this.#required(TRACE_FILES.invocations);
    const taker = new InvocationRows();
    const [name, start, end, cold] = INVOCATION_COLUMNS;
    const columns = { required: [name, start, end], optional: [cold] };
    const read = await readTable(path, columns, taker, this.#count);
    this.#tellOfColumns(path, read);
    if (read.rows === 0 && !allowNone) throw empty(path, 'Add what ran, a row an invocation');
    if (taker.unknownStarts > 0) {
      const message = `${path}: invocations that leave "cold" blank count as warm`;
      this.tell({ code: 'unknown-start', message, count: taker.unknownStarts });
    }
    return taker.table();
  }

  async usage(): Promise<UsageTable | undefined> {
    if (!this.#names.includes(TRACE_FILES.usage)) return undefined;
    const path = join(this.#directory, TRACE_FILES.usage);
    const taker = new UsageRows();
    const [t, principal, cpuSeconds, ...counters] = USAGE_COLUMNS;
    const columns = { required: [t, principal, cpuSeconds], optional: counters };
    const read = await readTable(path, columns, taker, this.#count);
    this.#tellOfColumns(path, read);
    if (read.rows === 0) {
      this.tell({ code: 'empty-table', message: `${path}: there are no rows, so usage is not known` });
      return undefined;
    }
    if (taker.negative > 0) {
      const message = `${path}: amounts below 0 are taken as not known`;
      this.tell({ code: 'negative-usage', message, count: taker.negative });
    }
    return taker.table();
  }

  readonly #count = (bytes: number): void => {
    this.#bytesDone += bytes;
    this.#onProgress(this.#bytesDone, this.#bytesTotal);
  };

  #required(name: string): string {
    const path = join(this.#directory, name);
    if (this.#names.includes(name)) return path;
    const near = misspelt(name, this.#names);
    const remedy = near === undefined ? 'Name a folder with a trace' : `Rename ${near} if it is that`;
    throw badFile(path, undefined, 'there is no such file', remedy);
  }

  #tellOfColumns(path: string, { header }: ReadTable): void {
    if (header.ignored.length > 0) {
      const message = `${path}: columns that are not known are ignored: ${header.ignored.map(quoted).join(', ')}`;
      this.tell({ code: 'ignored-columns', message, count: header.ignored.length });
    }
    const missing = header.missing.filter((name) => !RARE_COLUMNS.includes(name));
    if (missing.length > 0) {
      const message = `${path}: without the columns ${missing.join(', ')}, these figures are not known`;
      this.tell({ code: 'missing-columns', message, count: missing.length });
    }
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    const remedy = `Name a folder with ${TRACE_FILES.power} and ${TRACE_FILES.invocations}`;
    const code = systemCode(error);
    if (code === 'ENOENT') throw badFile(directory, undefined, 'there is no such folder', remedy);
    if (code === 'ENOTDIR') throw badFile(directory, undefined, 'is a file and not a folder', remedy);
    throw badFile(directory, undefined, messageOf(error), remedy);
  }
}

function empty(path: string, remedy: string): Error {
  return badFile(path, 2, 'there is a header and no row', remedy);
}

function tellOfStrangers(directory: string, truth: TraceTruth, ran: InvocationTable, tell: Tell): void {
  const known = new Set(ran.functions);
  const strangers = Object.keys(truth.functions).filter((name) => !known.has(name));
  if (strangers.length === 0) return;
  const message = `${join(directory, TRACE_FILES.truth)}: functions that never ran: ${strangers.slice(0, 5).map(quoted).join(', ')}`;
  tell({ code: 'truth-without-invocations', message, count: strangers.length });
}
