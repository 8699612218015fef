import type { HelpedProcess, Observer, PrincipalUsage, UsageSource } from '../../../meter/index.js';
import type { Principal, SourceName } from '../../../model/index.js';
import type { AccountedReplica } from '../account.js';
import { CONTROL_PLANE, functionPrincipal, REST } from './principals.js';
import type { MeterReplica, ReplicaMeter } from './replica-meter.js';

export interface FunctionObserverParts {
  readonly meterReplica: MeterReplica;
  /** The gateway's process; absent where functions are not served by one of ours. */
  readonly gateway?: Pick<HelpedProcess, 'cpuSeconds' | 'close'>;
  /** CPU seconds and pid of the process that keeps the account. */
  readonly selfCpuSeconds: () => number;
  readonly selfPid: number;
}

interface Watched {
  readonly replica: AccountedReplica;
  readonly meter: ReplicaMeter | undefined;
  readonly of: FunctionUsage;
  /** It has been metered since it began, so that what others say of all its life can be held against it. */
  readonly isWhole: boolean;
  /** What is in its function's sum already. */
  counted: number;
}

interface FunctionUsage {
  readonly principal: Principal;
  cpuSeconds: number;
  replicas: number;
  /** What was told of it last. */
  told: number;
}

/** Trees are followed exactly by the kernel programs, and sampled from /proc. */
const TREES: readonly SourceName[] = ['ebpf', 'proc'];

/**
 * Tells functions apart by what their replicas use, the gateway by its process, and gives the rest of the machine's busy
 * time to the system. A function is one principal however many replicas come and go, and never loses what those used that
 * have ended.
 */
export class FunctionObserver implements Observer {
  readonly #parts: FunctionObserverParts;
  readonly #functions = new Map<string, FunctionUsage>();
  readonly #replicas = new Map<string, Watched>();
  readonly #pids = new Map<number, string>();
  #source: UsageSource | undefined;
  #selfStart = 0;
  #gatewayStart: number | undefined;
  #start: { readonly busy: number; readonly known: number } | undefined;
  #rest = 0;

  constructor(parts: FunctionObserverParts) {
    this.#parts = parts;
  }

  get replicas(): number {
    return this.#replicas.size;
  }

  /** A replica is there. Told again, with a pid or group that was not known before, it is metered by that from then on. */
  started(replica: AccountedReplica, isNew = true): void {
    const { id, function: name, pid } = replica;
    const before = this.#replicas.get(id);
    if (before) this.#leave(before);
    const of = this.#functions.get(name) ?? {
      principal: functionPrincipal(name),
      cpuSeconds: 0,
      replicas: 0,
      told: Number.NaN,
    };
    this.#functions.set(name, of);
    const isWhole = isNew && (before === undefined || (before.isWhole && before.meter === undefined));
    const meter = this.#parts.meterReplica(replica, isWhole, this.#source);
    this.#replicas.set(id, { replica, meter, of, isWhole, counted: 0 });
    if (pid !== undefined) this.#pids.set(pid, id);
    of.replicas++;
  }

  /** A replica is gone. `cpuSeconds` is what it used in all, where someone knows: its group may be gone as well. */
  ended(id: string, cpuSeconds?: number): void {
    const watched = this.#replicas.get(id);
    if (watched === undefined) return;
    this.#leave(watched);
    if (cpuSeconds !== undefined && watched.isWhole) this.#count(watched, cpuSeconds);
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    this.#source = TREES.map((name) => sources.find((source) => source.name === name)).find(
      (source) => source !== undefined,
    );
    this.#selfStart = this.#parts.selfCpuSeconds();
    return this.#source;
  }

  /** None: whoever keeps the account is in nobody's figures here. */
  own(): undefined {
    return undefined;
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const usages: PrincipalUsage[] = [];
    for (const watched of this.#replicas.values()) {
      if (watched.meter) this.#count(watched, watched.meter.cpuSeconds());
    }
    let known = 0;
    for (const of of this.#functions.values()) {
      const { principal, cpuSeconds, replicas } = of;
      known += cpuSeconds;
      // Of thousands that are not called nothing needs to be said.
      if (replicas === 0 && cpuSeconds === of.told) continue;
      of.told = cpuSeconds;
      usages.push({ id: principal.key, principal, cpuSeconds });
    }
    const gateway = this.#gateway();
    if (gateway !== undefined) {
      known += gateway;
      usages.push({ id: CONTROL_PLANE.key, principal: CONTROL_PLANE, cpuSeconds: gateway });
    }
    const rest = this.#restOf(source, known);
    if (rest !== undefined) usages.push({ id: REST.key, principal: REST, cpuSeconds: rest });
    return usages;
  }

  close(): void {
    for (const { meter } of this.#replicas.values()) meter?.close();
    this.#replicas.clear();
    this.#pids.clear();
    this.#parts.gateway?.close();
  }

  #leave(watched: Watched): void {
    const { replica, meter, of } = watched;
    if (meter) this.#count(watched, meter.cpuSeconds());
    meter?.close();
    of.replicas--;
    this.#replicas.delete(replica.id);
    if (replica.pid !== undefined && this.#pids.get(replica.pid) === replica.id)
      this.#pids.delete(replica.pid);
  }

  #count(watched: Watched, cpuSeconds: number): void {
    if (!(cpuSeconds > watched.counted)) return;
    watched.of.cpuSeconds += cpuSeconds - watched.counted;
    watched.counted = cpuSeconds;
  }

  /** The gateway with its helpers: whatever it started that is no replica and not this process. */
  #gateway(): number | undefined {
    const { gateway, selfPid } = this.#parts;
    if (gateway === undefined) return undefined;
    const now = gateway.cpuSeconds((pid) => pid !== selfPid && !this.#pids.has(pid));
    this.#gatewayStart ??= now;
    return now - this.#gatewayStart;
  }

  /** Never falls, though the figures are not read at one moment. */
  #restOf(source: UsageSource, known: number): number | undefined {
    const busy = source.machine?.().busySeconds;
    if (busy === undefined) return undefined;
    this.#start ??= { busy, known };
    const self = this.#parts.selfCpuSeconds() - this.#selfStart;
    this.#rest = Math.max(this.#rest, busy - this.#start.busy - (known - this.#start.known) - self);
    return this.#rest;
  }
}
