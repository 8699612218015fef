import {
  type AbsentMethod,
  INVOCATION_STATUSES,
  type Invocation,
  type InvocationError,
  type InvocationPhase,
  type Platform,
} from '../../model/index.js';
import type { Connection, SqlValue } from '../sqlite/connection.js';
import { Contents } from '../sqlite/contents.js';
import { fromJson } from '../sqlite/json.js';
import { number, numberOrNone, oneOf, type Row, text, textOrNone } from '../sqlite/row.js';
import {
  decodeEnergies,
  type EnergyCode,
  type EnergyLayout,
  encodeEnergies,
  LayoutKeys,
} from './energy-code.js';
import { decodeUsage, encodeUsage, type UsageCode } from './usage-code.js';

/** What is not asked for by itself, as short JSON. */
interface Detail {
  /** Phases: name, wall seconds, CPU seconds, energies. */
  readonly p: readonly (readonly [InvocationPhase['name'], number, number, EnergyCode])[];
  readonly u: readonly UsageCode[];
  readonly e: EnergyCode;
  readonly error?: InvocationError;
}

/** The columns of an invocation, in the order of `encode`. */
export const INVOCATION_COLUMNS = [
  'run',
  'id',
  'function',
  'partition',
  'attempt',
  'speculative',
  'cpu',
  'memory_mib',
  'workers',
  'worker',
  'submitted_at',
  'started_at',
  'ended_at',
  'cold',
  'status',
  'wall_seconds',
  'cpu_seconds',
  'memory_peak_mib',
  'read_bytes',
  'written_bytes',
  'platform',
  'absence',
  'log',
  'detail',
] as const;

// What is added to Invocation and not kept would be lost in silence: it does not compile until it stands here too.
type Kept =
  | 'id'
  | 'run'
  | 'function'
  | 'partition'
  | 'attempt'
  | 'speculative'
  | 'configuration'
  | 'worker'
  | 'submittedAt'
  | 'startedAt'
  | 'endedAt'
  | 'cold'
  | 'status'
  | 'error'
  | 'wallSeconds'
  | 'cpuSeconds'
  | 'phases'
  | 'usage'
  | 'energies'
  | 'absent'
  | 'memoryPeakMib'
  | 'readBytes'
  | 'writtenBytes'
  | 'platform'
  | 'log';
type Forgotten = Exclude<keyof Invocation, Kept>;
const nothingForgotten: Forgotten extends never ? true : Forgotten = true;
void nothingForgotten;

/** Turns invocations into rows and back. */
export class InvocationCodec {
  readonly #platforms: Contents<Platform>;
  readonly #absences: Contents<readonly AbsentMethod[]>;
  readonly #layouts: Contents<EnergyLayout>;
  readonly #layoutKeys: LayoutKeys;

  constructor(connection: Connection) {
    this.#platforms = new Contents(connection, 'platforms');
    this.#absences = new Contents(connection, 'absences');
    this.#layouts = new Contents(connection, 'energy_layouts');
    this.#layoutKeys = new LayoutKeys(this.#layouts);
  }

  /** Part of the transaction that inserts the row: what is new in it is added to its own tables. */
  encode(invocation: Invocation, run: number | null): SqlValue[] {
    const { configuration, platform, error } = invocation;
    const detail: Detail = {
      p: invocation.phases.map(({ name, wallSeconds, cpuSeconds, energies }) => [
        name,
        wallSeconds,
        cpuSeconds,
        encodeEnergies(energies, this.#layoutKeys),
      ]),
      u: invocation.usage.map(encodeUsage),
      e: encodeEnergies(invocation.energies, this.#layoutKeys),
      ...(error !== undefined && { error }),
    };
    return [
      run,
      invocation.id,
      invocation.function,
      invocation.partition,
      invocation.attempt,
      Number(invocation.speculative),
      configuration.cpu,
      configuration.memoryMib,
      configuration.workers,
      invocation.worker,
      invocation.submittedAt,
      invocation.startedAt,
      invocation.endedAt,
      Number(invocation.cold),
      invocation.status,
      invocation.wallSeconds,
      invocation.cpuSeconds,
      invocation.memoryPeakMib ?? null,
      invocation.readBytes ?? null,
      invocation.writtenBytes ?? null,
      platform === undefined ? null : this.#platforms.keyOf(platform),
      this.#absences.keyOf(invocation.absent),
      invocation.log ?? null,
      JSON.stringify(detail),
    ];
  }

  decode(row: Row, run: string | undefined): Invocation {
    const id = text(row, 'id');
    const detail = fromJson<Detail>(text(row, 'detail'), `the detail of the invocation ${id}`);
    const platform = numberOrNone(row, 'platform');
    const memoryPeakMib = numberOrNone(row, 'memory_peak_mib');
    const readBytes = numberOrNone(row, 'read_bytes');
    const writtenBytes = numberOrNone(row, 'written_bytes');
    const log = textOrNone(row, 'log');
    return {
      id,
      ...(run !== undefined && { run }),
      function: text(row, 'function'),
      partition: number(row, 'partition'),
      attempt: number(row, 'attempt'),
      speculative: number(row, 'speculative') === 1,
      configuration: {
        cpu: number(row, 'cpu'),
        memoryMib: number(row, 'memory_mib'),
        workers: number(row, 'workers'),
      },
      worker: text(row, 'worker'),
      submittedAt: number(row, 'submitted_at'),
      startedAt: number(row, 'started_at'),
      endedAt: number(row, 'ended_at'),
      cold: number(row, 'cold') === 1,
      status: oneOf(row, 'status', INVOCATION_STATUSES),
      ...(detail.error !== undefined && { error: detail.error }),
      wallSeconds: number(row, 'wall_seconds'),
      cpuSeconds: number(row, 'cpu_seconds'),
      phases: detail.p.map(([name, wallSeconds, cpuSeconds, energies]) => ({
        name,
        wallSeconds,
        cpuSeconds,
        energies: decodeEnergies(energies, this.#layouts),
      })),
      usage: detail.u.map(decodeUsage),
      energies: decodeEnergies(detail.e, this.#layouts),
      absent: this.#absences.at(number(row, 'absence')),
      ...(memoryPeakMib !== undefined && { memoryPeakMib }),
      ...(readBytes !== undefined && { readBytes }),
      ...(writtenBytes !== undefined && { writtenBytes }),
      ...(platform !== undefined && { platform: this.#platforms.at(platform) }),
      ...(log !== undefined && { log }),
    };
  }

  /** To be called when the transaction came to nothing. */
  forget(): void {
    this.#platforms.forget();
    this.#absences.forget();
    this.#layoutKeys.forget();
  }
}
