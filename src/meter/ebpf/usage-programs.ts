import { type Host, messageOf } from '../../base/index.js';
import { BpfError, type BpfMap, BpfObject } from '../native/libbpf.js';
import { Mapping } from '../native/mapping.js';
import type { PerfEvent } from '../native/perf-attributes.js';
import { kernelClock } from './cpu-board.js';
import type { CycleCounters } from './cycle-counters.js';
import { controllerNumber, type Hierarchy } from './hierarchy.js';
import { AMOUNT, CONTROL, CPU, SETTINGS_BYTES, SLOTS } from './layout.js';
import { objectFile } from './object-file.js';
import { onlineCpus } from './possible-cpus.js';
import { Ring } from './ring.js';
import { Words } from './words.js';

const RING_BYTES = 2 * 1024 * 1024;

/** The switch comes last: from then on slices are counted. */
const ESSENTIAL = ['on_fork', 'on_switch'];
/** What older kernels do not have; the account does without. */
const OPTIONAL = ['on_cgroup_made', 'on_cgroup_removed', 'on_cgroup_joined', 'on_rename', 'adopt'];
const INTERRUPTS = ['on_hard_entry', 'on_hard_exit', 'on_soft_entry', 'on_soft_exit'];

export interface UsageOptions {
  readonly maxProcesses: number;
  readonly maxCgroups: number;
  readonly interrupts: boolean;
  /** What is counted as cycles where the processor counts any. */
  readonly cycleEvent?: PerfEvent;
}

/** The programs of ebpf/cpu-usage.bpf.c in the kernel, and their memory. */
export class UsagePrograms {
  readonly control: Words;
  readonly cpus: Words;
  readonly slots: Words;
  readonly ring: Ring;
  readonly #host: Host;
  readonly #object: BpfObject;
  readonly #left: ReadonlySet<string>;
  readonly #closers: (() => void)[];

  private constructor(
    host: Host,
    object: BpfObject,
    left: ReadonlySet<string>,
    records: number,
    closers: (() => void)[],
  ) {
    this.#host = host;
    this.#object = object;
    this.#left = left;
    this.#closers = closers;
    const words = (map: string, bytes: number): Words => {
      const mapping = new Mapping(object.map(map).descriptor, 0, bytes, true);
      closers.push(() => mapping.close());
      return new Words(mapping.buffer);
    };
    this.control = words('.bss', CONTROL.bytes);
    this.cpus = words('cpus', records * CPU.words * 8);
    this.slots = words('slots', records * SLOTS * AMOUNT.words * 8);
    const ring = new Ring(object.map('records').descriptor, RING_BYTES);
    closers.push(() => ring.close());
    this.ring = ring;
  }

  /** Loads them, not yet attached. Throws a BpfError or a WattloopError and leaves nothing behind then. */
  static load(
    host: Host,
    options: UsageOptions,
    records: number,
    hierarchy: Hierarchy | undefined,
    cycles: CycleCounters | undefined,
  ): UsagePrograms {
    const attempt = (left: readonly string[]): UsagePrograms => {
      const closers: (() => void)[] = [];
      try {
        const object = new BpfObject(objectFile('cpu-usage'));
        closers.push(() => object.close());
        prepare(object, options, records, hierarchy, cycles !== undefined);
        for (const program of left) object.leaveOut(program);
        object.load();
        cycles?.install(object.map('cycle_counters'));
        return new UsagePrograms(host, object, new Set(left), records, closers);
      } catch (error) {
        for (const close of closers.reverse()) close();
        throw error;
      }
    };
    const left = options.interrupts ? [] : INTERRUPTS;
    try {
      return attempt(left);
    } catch (error) {
      if (!(error instanceof BpfError)) throw error;
      // A kernel that lacks one of the lesser tracepoints refuses all; with the essential ones it may not.
      const programs = attempt([...left, ...OPTIONAL]);
      host.log.debug('ebpf: without the lesser programs', { error: messageOf(error) });
      return programs;
    }
  }

  map(name: string): BpfMap {
    return this.#object.map(name);
  }

  /** Begins the account; whether interrupts are told apart. */
  attach(): boolean {
    this.control.set(CONTROL.attachedAt, BigInt(kernelClock()));
    const interrupts = INTERRUPTS.map((program) => this.#try(program)).every(Boolean);
    for (const program of OPTIONAL) if (program !== 'adopt') this.#try(program);
    for (const program of ESSENTIAL) this.#object.attach(program);
    this.#adopt();
    return interrupts;
  }

  close(): void {
    for (const close of this.#closers.splice(0).reverse()) close();
  }

  #try(program: string): boolean {
    if (this.#left.has(program)) return false;
    try {
      this.#object.attach(program);
      return true;
    } catch (error) {
      this.#host.log.debug('ebpf: left out', { program, error: messageOf(error) });
      return false;
    }
  }

  /** Makes known what runs on each processor; without, it is known from its next switch on. */
  #adopt(): void {
    if (this.#left.has('adopt')) return;
    for (const cpu of onlineCpus(this.#host)) {
      try {
        this.#object.runOn('adopt', cpu);
      } catch (error) {
        this.#host.log.debug('ebpf: not adopted', { cpu, error: messageOf(error) });
      }
    }
  }
}

function prepare(
  object: BpfObject,
  options: UsageOptions,
  records: number,
  hierarchy: Hierarchy | undefined,
  countCycles: boolean,
): void {
  object.setMaxEntries('cpus', records);
  object.setMaxEntries('slots', records * SLOTS);
  object.setMaxEntries('cycle_counters', records);
  object.setMaxEntries('processes', options.maxProcesses);
  object.setMaxEntries('followed', options.maxProcesses);
  object.setMaxEntries('cgroups', options.maxCgroups);
  const settings = Buffer.alloc(SETTINGS_BYTES);
  settings.writeUInt32LE(hierarchy?.id ?? 0, 0);
  settings.writeUInt32LE(controllerNumber(hierarchy), 4);
  settings.writeUInt32LE(countCycles ? 1 : 0, 8);
  object.setConstants(settings);
}
