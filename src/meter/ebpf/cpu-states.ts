import { ErrorCode, type Host, messageOf, readTextIfAny, WattloopError } from '../../base/index.js';
import { NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { BpfError, BpfObject } from '../native/libbpf.js';
import { Mapping } from '../native/mapping.js';
import { kernelClock } from './cpu-board.js';
import { objectFile } from './object-file.js';
import { obstacle } from './obstacles.js';
import { cpuRecords } from './possible-cpus.js';
import { Words } from './words.js';

// The structures of ebpf/cpu-states.bpf.c, by 64-bit words.
const FREQUENCY = { words: 100, sequence: 0, since: 1, khz: 2, changes: 3, ns: 4, bins: 96 } as const;
const IDLE = { words: 36, sequence: 0, since: 1, state: 2, ns: 4, entries: 20, states: 16 } as const;
const THROTTLING = { words: 4, interrupts: 0, trips: 1, coolings: 2 } as const;
const GHZ_PER_BIN = 0.1;

export interface IdleState {
  /** As the idle driver calls it (`C6`), or `state 1` where there is no driver. */
  readonly name: string;
  readonly seconds: number;
  readonly entries: number;
}

export interface Throttling {
  /** The processor's own signal that it got too hot, or cooled down again (x86). */
  readonly thermalInterrupts?: number;
  /** Trip points of thermal zones that were passed, as noticed on this processor. */
  readonly trips?: number;
  /** Cooling devices (a slower clock, a fan) set to another state from this processor. */
  readonly coolings?: number;
}

/** What one processor did since the states are watched. What the kernel does not tell is absent. */
export interface CpuState {
  readonly cpu: number;
  readonly idle?: readonly IdleState[];
  /**
   * Seconds at each frequency, idle ones included, by 0.1 GHz; from the first change on that the kernel made. Empty where
   * it makes none: with a fixed frequency, in most virtual machines, and where the hardware chooses alone (HWP).
   */
  readonly frequencies?: readonly { readonly ghz: number; readonly seconds: number }[];
  readonly throttling: Throttling;
}

const PROGRAMS = {
  frequency: 'on_frequency',
  idle: 'on_idle',
  interrupts: 'on_thermal_interrupt',
  trips: 'on_trip',
  coolings: 'on_cooling',
} as const;
type Watched = keyof typeof PROGRAMS;

/** Time per idle state and per frequency, and throttling by heat, rolled up by programs in the kernel. */
export class CpuStates {
  readonly #host: Host;
  readonly #object: BpfObject;
  readonly #mappings: Mapping[] = [];
  readonly #frequencies: Words;
  readonly #idles: Words;
  readonly #throttlings: Words;
  readonly #records: number;
  readonly #watched = new Set<Watched>();
  readonly #names = new Map<string, string>();
  #isOpen = true;

  private constructor(host: Host, object: BpfObject, records: number) {
    this.#host = host;
    this.#object = object;
    this.#records = records;
    this.#frequencies = this.#words('frequencies', FREQUENCY.words);
    this.#idles = this.#words('idles', IDLE.words);
    this.#throttlings = this.#words('throttlings', THROTTLING.words);
    for (const [what, program] of Object.entries(PROGRAMS) as [Watched, string][]) {
      try {
        object.attach(program);
        this.#watched.add(what);
      } catch (error) {
        // This kernel has no such tracepoint; the others go on.
        host.log.debug('ebpf: processor states: left out', { what, error: messageOf(error) });
      }
    }
  }

  /** Throws a WattloopError where kernel programs do not work. */
  static open(host: Host, load: (path: string) => BpfObject = (path) => new BpfObject(path)): CpuStates {
    const known = obstacle(host);
    if (known && !known.usable) {
      throw new WattloopError(ErrorCode.sourceUnavailable, `processor states: ${known.reason}`, {
        remedy: known.remedy,
      });
    }
    let object: BpfObject | undefined;
    try {
      object = load(objectFile('cpu-states'));
      const records = cpuRecords(host);
      for (const map of ['frequencies', 'idles', 'throttlings']) object.setMaxEntries(map, records);
      object.load();
      return new CpuStates(host, object, records);
    } catch (error) {
      object?.close();
      if (error instanceof WattloopError) throw error;
      const said = error instanceof BpfError ? error.details.at(-1) : undefined;
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `processor states: the kernel refuses the programs: ${messageOf(error)}${said ? ` (${said})` : ''}`,
        { remedy: 'Run as root on Linux 5.8 or later', cause: error },
      );
    }
  }

  /** What of this the kernel tells. */
  get watched(): ReadonlySet<Watched> {
    return this.#watched;
  }

  read(): CpuState[] {
    if (!this.#isOpen) throw new WattloopError(ErrorCode.internal, 'processor states: read after close');
    return Array.from({ length: this.#records }, (_, cpu) => ({
      cpu,
      ...(this.#watched.has('idle') ? { idle: this.#idle(cpu) } : {}),
      ...(this.#watched.has('frequency') ? { frequencies: this.#frequency(cpu) } : {}),
      throttling: this.#throttling(cpu),
    }));
  }

  close(): void {
    this.#isOpen = false;
    this.#object.close();
    for (const mapping of this.#mappings.splice(0)) mapping.close();
  }

  #idle(cpu: number): IdleState[] {
    const words = this.#idles;
    const base = cpu * IDLE.words;
    return words.consistent([base + IDLE.sequence], () => {
      const since = words.number(base + IDLE.since);
      const current = since === 0 ? -1 : words.half(base + IDLE.state, 0);
      const states: IdleState[] = [];
      for (let state = 0; state < IDLE.states; state++) {
        const entries = words.number(base + IDLE.entries + state);
        if (entries === 0) continue;
        const running = state === current ? Math.max(0, kernelClock() - since) : 0;
        const seconds = (words.number(base + IDLE.ns + state) + running) / NANOSECONDS_PER_SECOND;
        states.push({ name: this.#name(cpu, state), seconds, entries });
      }
      return states;
    });
  }

  #frequency(cpu: number): { ghz: number; seconds: number }[] {
    const words = this.#frequencies;
    const base = cpu * FREQUENCY.words;
    return words.consistent([base + FREQUENCY.sequence], () => {
      const khz = words.half(base + FREQUENCY.khz, 0);
      const current = khz === 0 ? -1 : Math.min(FREQUENCY.bins - 1, Math.round(khz / 100_000));
      const found: { ghz: number; seconds: number }[] = [];
      for (let bin = 0; bin < FREQUENCY.bins; bin++) {
        const running =
          bin === current ? Math.max(0, kernelClock() - words.number(base + FREQUENCY.since)) : 0;
        const ns = words.number(base + FREQUENCY.ns + bin) + running;
        if (ns > 0)
          found.push({ ghz: Math.round(bin * GHZ_PER_BIN * 10) / 10, seconds: ns / NANOSECONDS_PER_SECOND });
      }
      return found;
    });
  }

  #throttling(cpu: number): Throttling {
    const count = (word: number): number => this.#throttlings.number(cpu * THROTTLING.words + word);
    return {
      ...(this.#watched.has('interrupts') ? { thermalInterrupts: count(THROTTLING.interrupts) } : {}),
      ...(this.#watched.has('trips') ? { trips: count(THROTTLING.trips) } : {}),
      ...(this.#watched.has('coolings') ? { coolings: count(THROTTLING.coolings) } : {}),
    };
  }

  #name(cpu: number, state: number): string {
    const key = `cpu${cpu}/cpuidle/state${state}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = readTextIfAny(this.#host.sys('devices/system/cpu', key, 'name')) ?? `state ${state}`;
    this.#names.set(key, name);
    return name;
  }

  #words(map: string, wordsPerCpu: number): Words {
    const mapping = new Mapping(this.#object.map(map).descriptor, 0, this.#records * wordsPerCpu * 8, true);
    this.#mappings.push(mapping);
    return new Words(mapping.buffer);
  }
}
