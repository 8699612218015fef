import type { Clock } from '../../base/index.js';
import type {
  CgroupUsage,
  Domain,
  EnergyReading,
  MachineUsage,
  ProcessUsage,
  Provenance,
  SourceName,
} from '../../model/index.js';
import { type Availability, type InstantEnergySource, type UsageSource, usable } from '../source.js';

/** A source of energy whose counters a test turns. */
export class FakeEnergy implements InstantEnergySource {
  readonly name: SourceName;
  readonly title = 'a counter turned by hand';
  readonly yields = 'energy';
  readonly instant = true;
  readonly provenance: Provenance;
  readonly uncertainty = 0.05;
  readonly joules = new Map<Domain, number>();
  /** Domains that do not answer, or `all`. */
  readonly silent = new Set<Domain | 'all'>();
  idle: number | undefined;
  readonly #clock: Clock;

  constructor(
    clock: Clock,
    name: SourceName,
    domains: readonly Domain[],
    provenance: Provenance = 'measured',
  ) {
    this.#clock = clock;
    this.name = name;
    this.provenance = provenance;
    for (const domain of domains) this.joules.set(domain, 0);
  }

  add(domain: Domain, joules: number): void {
    this.joules.set(domain, (this.joules.get(domain) ?? 0) + joules);
  }

  idleWatts(): number | undefined {
    return this.idle;
  }

  async probe(): Promise<Availability> {
    return usable([...this.joules.keys()]);
  }

  async open(): Promise<void> {}

  read(): EnergyReading[] {
    if (this.silent.has('all')) return [];
    return [...this.joules]
      .filter(([domain]) => !this.silent.has(domain))
      .map(([domain, joules]) => ({
        kind: 'counter',
        domain,
        device: 'fake-0',
        at: this.#clock.now(),
        joules,
      }));
  }

  async close(): Promise<void> {}
}

/** A source of CPU time whose figures a test turns: of the machine, of groups and of processes. */
export class FakeUsage implements UsageSource {
  readonly name: SourceName;
  readonly title = 'CPU time turned by hand';
  readonly yields = 'usage';
  readonly cgroupsContainOthers: boolean;
  busySeconds: number | undefined = 0;
  readonly groups = new Map<string, number>();
  readonly running = new Map<number, ProcessUsage>();
  failure: Error | undefined;
  readonly #clock: Clock;

  /** Groups' figures are their own, unless `containOthers`. */
  constructor(clock: Clock, name: SourceName = 'ebpf', containOthers = false) {
    this.#clock = clock;
    this.name = name;
    this.cgroupsContainOthers = containOthers;
  }

  /** A group or process that works keeps the machine busy. */
  work(path: string, seconds: number): void {
    this.groups.set(path, (this.groups.get(path) ?? 0) + seconds);
    this.busySeconds = (this.busySeconds ?? 0) + seconds;
  }

  process(pid: number, name: string, cpuSeconds: number, unseenChildrenCpuSeconds?: number): void {
    const process = { pid, startTicks: 1, name };
    const usage = { process, usage: { cpuSeconds } };
    this.running.set(
      pid,
      unseenChildrenCpuSeconds === undefined ? usage : { ...usage, unseenChildrenCpuSeconds },
    );
  }

  async probe(): Promise<Availability> {
    return usable([]);
  }

  async open(): Promise<void> {}

  machine(): MachineUsage {
    const at = this.#clock.now();
    return {
      at,
      logicalCpus: 4,
      ...(this.busySeconds === undefined ? {} : { busySeconds: this.busySeconds }),
    };
  }

  cgroups(): CgroupUsage[] {
    if (this.failure) throw this.failure;
    return [...this.groups].map(([path, cpuSeconds]) => ({ path, usage: { cpuSeconds } }));
  }

  processes(): ProcessUsage[] {
    if (this.failure) throw this.failure;
    return [...this.running.values()];
  }

  async close(): Promise<void> {}
}
