import { ErrorCode, type Host, messageOf, WattloopError } from '../base/index.js';
import type { EnergyReading, SourceName } from '../model/index.js';
import { BusyClock } from './busy-clock.js';
import type { AbsentSource, EnergyFigure, MeterReading } from './meter-reading.js';
import { Poller } from './poller.js';
import {
  type Availability,
  type EnergySource,
  type InstantEnergySource,
  type PolledEnergySource,
  type Source,
  type UsageSource,
  unusable,
} from './source.js';
import type { CpuScope, Span } from './span/span.js';
import { type IdleWatts, SpanLedger } from './span/span-ledger.js';
import { EnergyTally } from './tally.js';

export interface MeterOptions {
  /** The only sources to use; all that work when undefined. */
  readonly methods?: readonly SourceName[] | undefined;
  /** Seconds between samples of sources that give power. */
  readonly intervalSeconds?: number;
  /** What the machine draws idle, where that is known. */
  readonly idleWatts?: IdleWatts;
  /** Told what polled sources answer, as it comes. */
  readonly onReadings?: (source: PolledEnergySource, readings: readonly EnergyReading[]) => void;
}

interface Metered {
  readonly source: EnergySource;
  readonly tally: EnergyTally;
  readonly poller: Poller | undefined;
  /** For how long a source that does not answer is taken to be where it was. */
  readonly holdSeconds: number;
}

/** An instrument may miss a few polls, or be away for this long, before its figures are old. */
const HELD_POLLS = 4;
const HELD_SECONDS = 15;

/** Sources that count busy time to the microsecond; the others move in clock ticks. */
const EXACT_BUSY: readonly SourceName[] = ['ebpf'];
const BUSY_PREFERENCE: readonly SourceName[] = ['ebpf', 'proc'];

/** All sources that work on this machine, opened, read side by side. */
export class Meter {
  readonly absent: readonly AbsentSource[];
  readonly usageSources: readonly UsageSource[];
  /** Usage sources that are open whatever the user asked for: those that shares of energy need. */
  readonly infrastructure: readonly UsageSource[];
  readonly #host: Host;
  readonly #energy: readonly Metered[];
  readonly #busy: BusyClock | undefined;
  readonly #ledger: SpanLedger;

  private constructor(
    host: Host,
    opened: readonly Source[],
    absent: readonly AbsentSource[],
    options: MeterOptions,
  ) {
    const wanted = (source: Source): boolean => options.methods?.includes(source.name) ?? true;
    this.#host = host;
    this.absent = absent;
    this.#ledger = new SpanLedger(this, options.idleWatts);
    this.infrastructure = opened.filter((source) => source.yields === 'usage');
    this.usageSources = this.infrastructure.filter(wanted);
    this.#energy = opened
      .filter((source) => source.yields === 'energy')
      .map((source) => {
        const seconds = source.instant ? 0 : Math.max(source.interval, options.intervalSeconds ?? 0);
        const holdSeconds = Math.max(HELD_SECONDS, HELD_POLLS * seconds);
        const tally = new EnergyTally(holdSeconds);
        if (source.instant) return { source, tally, poller: undefined, holdSeconds };
        const poller = new Poller(host, source, seconds, (readings) => {
          tally.advance(readings);
          options.onReadings?.(source, readings);
        });
        return { source, tally, poller, holdSeconds };
      });
    const busy = BUSY_PREFERENCE.map((name) =>
      this.infrastructure.find((source) => source.name === name),
    ).find((source) => source?.machine !== undefined);
    const machine = busy?.machine?.bind(busy);
    this.#busy = busy && machine && new BusyClock({ machine, exact: EXACT_BUSY.includes(busy.name) });
    for (const { source, tally } of this.#energy) if (source.instant) tally.advance(readSafely(host, source));
  }

  /** Opens what works of the given sources. What does not is kept in `absent` with its reason. */
  static async open(host: Host, sources: readonly Source[], options: MeterOptions = {}): Promise<Meter> {
    const absent: AbsentSource[] = [];
    const opened: Source[] = [];
    const isWanted = ({ name }: Source): boolean => options.methods?.includes(name) ?? true;
    // Shares need the machine's busy time, also when the user asked for other methods only.
    const needed = sources.filter((source) => BUSY_PREFERENCE.includes(source.name) || isWanted(source));
    const answers = await Promise.all(
      needed.map(async (source) => ({ source, found: await probeSafely(source) })),
    );
    for (const { source, found } of answers) {
      const wanted = isWanted(source);
      if (!found.usable) {
        if (wanted) absent.push({ name: source.name, reason: found.reason, remedy: found.remedy });
        continue;
      }
      try {
        await source.open();
        opened.push(source);
      } catch (error) {
        const remedy = error instanceof WattloopError ? (error.remedy ?? '') : '';
        if (wanted) absent.push({ name: source.name, reason: messageOf(error), remedy });
      }
    }
    return new Meter(host, opened, absent, options);
  }

  get energySources(): readonly EnergySource[] {
    return this.#energy.map((metered) => metered.source);
  }

  /** Reads every instant source, and takes what the polled ones said last. */
  read(): MeterReading {
    const energies: EnergyFigure[] = [];
    for (const { source, tally } of this.#energy) {
      if (source.instant) tally.advance(readSafely(this.#host, source));
    }
    const at = this.#host.clock.now();
    for (const { source, tally, holdSeconds } of this.#energy) {
      for (const [domain, { joules, readAt, inLastReading }] of tally.domains(at)) {
        const stale = !inLastReading && (source.instant || at - readAt > holdSeconds);
        energies.push({ source, domain, joules, stale });
      }
    }
    return { at, energies, busySeconds: this.#busySeconds(at) };
  }

  /** From now on a source's figures are taken to come this late, and to speak of the time before. */
  correctLag(name: SourceName, lagSeconds: number): void {
    for (const { source, tally } of this.#energy) if (source.name === name) tally.lagSeconds = lagSeconds;
  }

  #busySeconds(at: number): number | undefined {
    try {
      return this.#busy?.seconds(at);
    } catch (error) {
      this.#host.log.warn('busy time could not be read', { error: messageOf(error) });
      return undefined;
    }
  }

  /**
   * Begins a span around a piece of work, in its first phase if that is named. Without a scope it counts what this process
   * does, in all its threads.
   */
  span(name: string, scope?: CpuScope, phase?: string): Span {
    return this.#ledger.begin(name, scope, phase);
  }

  /** Settles the open spans now: done at every sample, so that long spans follow how the load changed. */
  settle(): void {
    this.#ledger.settle();
  }

  /** Waits until every polled source has answered once or failed once, so that a short span has figures of it. */
  async ready(): Promise<void> {
    await Promise.all(this.#energy.map(({ poller }) => poller?.first));
  }

  async close(): Promise<void> {
    for (const { poller } of this.#energy) poller?.stop();
    await Promise.all([
      ...this.#energy.map(({ source }) => source.close()),
      ...this.infrastructure.map((s) => s.close()),
    ]);
  }
}

/** What a source that breaks its promise not to throw says is why it is not used. */
export async function probeSafely(source: Source): Promise<Availability> {
  try {
    return await source.probe();
  } catch (error) {
    return unusable(`it could not be tried: ${messageOf(error)}`, 'Run it with --debug, and report this');
  }
}

/** A source keeps its promise not to throw, or is quiet for this once: no sensor may stop the others. */
function readSafely(host: Host, source: InstantEnergySource): ReturnType<InstantEnergySource['read']> {
  try {
    return source.read();
  } catch (error) {
    host.log.warn(`${source.name}: could not be read`, {
      code: ErrorCode.sourceFailed,
      error: messageOf(error),
    });
    return [];
  }
}
