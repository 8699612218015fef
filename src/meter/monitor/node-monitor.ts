import type { Host } from '../../base/index.js';
import type { Domain, Principal, SourceName } from '../../model/index.js';
import { type Choice, candidatesOf, choosePrimary } from '../choose.js';
import { DisagreementMonitor } from '../disagreement-monitor.js';
import { Meter } from '../meter.js';
import type { EnergyFigure, MeterReading } from '../meter-reading.js';
import { NodeAccount } from '../node-account.js';
import type { Source, UsageSource } from '../source.js';
import { CrossCheck, powerByDomain } from './cross-check.js';
import { UsageDeltas } from './deltas.js';
import type { IdlePower } from './idle-power.js';
import type { NodeEnergy, NodeSnapshot, PrincipalShare } from './snapshot.js';

/** Cumulative CPU seconds of one process or group, and whose it is. Several may belong to one principal. */
export interface PrincipalUsage {
  readonly id: string;
  readonly principal: Principal;
  readonly cpuSeconds: number;
}

/** Tells principals apart in what a usage source says: by process, or by container and service. */
export interface Observer {
  /** The source it reads, of those that are open; undefined when none serves. */
  choose(sources: readonly UsageSource[]): UsageSource | undefined;
  observe(source: UsageSource): PrincipalUsage[];
  /** The principal that contains this process, when there is one: what this process uses is taken out of it. */
  readonly own: string | undefined;
}

export interface NodeMonitorOptions {
  readonly methods?: readonly SourceName[] | undefined;
  readonly primary: readonly SourceName[];
  readonly intervalSeconds: number;
  readonly disagreementWarning: number;
  readonly observer: Observer;
  readonly idlePower: IdlePower;
  /** CPU seconds of this process so far. */
  readonly selfCpuSeconds: () => number;
}

/** How long an ended principal is still listed, so that a scraper sees its last figure. */
const REMEMBER_SECONDS = 600;

const WATTLOOP: Principal = { key: 'wattloop', kind: 'wattloop', name: 'wattloop', labels: {} };

const keyOf = (figure: EnergyFigure): string => `${figure.source.name} ${figure.domain}`;

interface Known {
  principal: Principal;
  cpuSeconds: number;
  seenAt: number;
}

/** Keeps the account of a machine, tick by tick: what was drawn, by whom, and what nobody can be given. */
export class NodeMonitor {
  readonly #host: Host;
  readonly #meter: Meter;
  readonly #crossCheck: CrossCheck;
  readonly #options: NodeMonitorOptions;
  readonly #usage: UsageSource | undefined;
  readonly #account = new NodeAccount();
  readonly #deltas = new UsageDeltas();
  readonly #disagreements: DisagreementMonitor;
  readonly #known = new Map<string, Known>();
  readonly #logicalCpus: number;
  #last: MeterReading;
  #selfCpu: number;
  #selfCpuTotal = 0;

  private constructor(
    host: Host,
    meter: Meter,
    crossCheck: CrossCheck,
    logicalCpus: number,
    options: NodeMonitorOptions,
  ) {
    this.#host = host;
    this.#meter = meter;
    this.#crossCheck = crossCheck;
    this.#options = options;
    this.#disagreements = new DisagreementMonitor(host.log, { threshold: options.disagreementWarning });
    this.#logicalCpus = logicalCpus;
    this.#usage = options.observer.choose(meter.usageSources);
    this.#last = meter.read();
    this.#selfCpu = options.selfCpuSeconds();
    this.#used();
  }

  static async open(
    host: Host,
    sources: readonly Source[],
    logicalCpus: number,
    options: NodeMonitorOptions,
  ): Promise<NodeMonitor> {
    const { methods, intervalSeconds } = options;
    const crossCheck = new CrossCheck();
    const meter = await Meter.open(host, sources, {
      methods,
      intervalSeconds,
      onReadings: ({ name }, readings) => {
        for (const [domain, sample] of powerByDomain(readings)) crossCheck.record(name, domain, sample);
      },
    });
    await meter.ready();
    return new NodeMonitor(host, meter, crossCheck, logicalCpus, options);
  }

  /** Accounts for the time since the last tick. */
  tick(): NodeSnapshot {
    const reading = this.#meter.read();
    const last = this.#last;
    this.#last = reading;
    const seconds = Math.max(reading.at - last.at, Number.EPSILON);
    const busySeconds = Math.max(0, (reading.busySeconds ?? 0) - (last.busySeconds ?? 0));
    const before = new Map(last.energies.map((figure) => [keyOf(figure), figure.joules]));
    const energies = reading.energies.map((figure): NodeEnergy => {
      const { source, domain, joules } = figure;
      const watts = Math.max(0, joules - (before.get(keyOf(figure)) ?? 0)) / seconds;
      return { source: source.name, domain, provenance: source.provenance, watts, joulesTotal: joules };
    });
    this.#compare(reading, energies);
    const used = this.#used();
    const primary = this.#choose(reading);
    const counted = energies.filter(
      ({ source, domain }) => source === primary?.source && primary.domains.includes(domain),
    );
    const watts = primary && counted.reduce((sum, energy) => sum + energy.watts, 0);
    const utilisation = busySeconds / (seconds * this.#logicalCpus);
    const idleWatts = primary && this.#idle(reading, counted, utilisation);
    const division = this.#account.tick({
      joules: (watts ?? 0) * seconds,
      idleJoules: idleWatts === undefined ? undefined : idleWatts * seconds,
      busySeconds,
      used: [...used].map(([key, cpuSeconds]) => [key, cpuSeconds] as const),
    });
    const shares = this.#shares(used, seconds, reading.at, (key) =>
      primary ? (division.shares.get(key)?.active ?? 0) : undefined,
    );
    const { joules, idle, unattributed, ended } = this.#account.totals;
    return {
      time: this.#host.clock.wall(),
      seconds,
      logicalCpus: this.#logicalCpus,
      busyCpus: busySeconds / seconds,
      energies,
      primary,
      watts,
      idleWatts,
      unattributedWatts: primary && division.unattributed / seconds,
      totals: { joules, idleJoules: idle, unattributedJoules: unattributed, endedJoules: ended },
      shares,
      usageSource: this.#usage?.name,
      self: {
        cpuSecondsTotal: this.#selfCpuTotal,
        joulesTotal: this.#account.principal(WATTLOOP.key)?.active ?? 0,
      },
      disagreements: this.#disagreements.check(),
      crossChecks: this.#crossCheck.report(),
      used: [...this.#meter.energySources, ...this.#meter.usageSources].map((source) => source.name),
      absent: this.#meter.absent,
    };
  }

  close(): Promise<void> {
    return this.#meter.close();
  }

  /** CPU seconds since the last tick, by principal. This process is one of them and nobody else's part. */
  #used(): Map<string, number> {
    const self = this.#options.selfCpuSeconds();
    const usages = this.#usage ? this.#options.observer.observe(this.#usage) : [];
    const deltas = this.#deltas.advance(usages.map(({ id, cpuSeconds }) => [id, cpuSeconds] as const));
    const used = new Map<string, number>();
    const now = this.#host.clock.now();
    for (const { id, principal } of usages) {
      used.set(principal.key, (used.get(principal.key) ?? 0) + (deltas.get(id) ?? 0));
      const known = this.#known.get(principal.key);
      if (known) Object.assign(known, { principal, seenAt: now });
      else this.#known.set(principal.key, { principal, cpuSeconds: 0, seenAt: now });
    }
    const own = Math.max(0, self - this.#selfCpu);
    this.#selfCpu = self;
    this.#selfCpuTotal += own;
    this.#known.set(WATTLOOP.key, {
      principal: WATTLOOP,
      cpuSeconds: this.#known.get(WATTLOOP.key)?.cpuSeconds ?? 0,
      seenAt: now,
    });
    const container = this.#options.observer.own;
    if (container !== undefined) used.set(container, Math.max(0, (used.get(container) ?? 0) - own));
    used.set(WATTLOOP.key, own);
    return used;
  }

  /** Holds the sources against one another, and undoes the lag of those that are asked beside the work and come late. */
  #compare({ energies: figures, at }: MeterReading, energies: readonly NodeEnergy[]): void {
    for (const [index, { source, domain, joules }] of figures.entries()) {
      this.#disagreements.record({ source: source.name, domain, joules }, at);
      const { name, provenance, uncertainty } = source;
      const sampling = source.instant ? 'mean' : 'instant';
      this.#crossCheck.join({ source: name, domain, provenance, uncertainty, sampling });
      if (source.instant)
        this.#crossCheck.record(name, domain, { at, watts: energies[index]?.watts ?? Number.NaN });
    }
    for (const { source, lagSeconds } of this.#crossCheck.report()) {
      const polled = figures.some((figure) => figure.source.name === source && !figure.source.instant);
      if (polled && lagSeconds !== undefined) this.#meter.correctLag(source, lagSeconds);
    }
  }

  #choose(reading: MeterReading): Choice | undefined {
    // Chosen anew at every tick, as a source may fail; while it works, the choice is the same.
    return choosePrimary(
      candidatesOf(
        reading.energies.map(({ source, domain }) => ({
          source: source.name,
          domain,
          provenance: source.provenance,
          uncertainty: source.uncertainty,
        })),
      ),
      this.#options.primary,
    );
  }

  /** Idle power of the domains that count, by the source's own model or learnt; undefined until all are known. */
  #idle(reading: MeterReading, counted: readonly NodeEnergy[], utilisation: number): number | undefined {
    let sum = 0;
    let known = true;
    for (const { source, domain, watts } of counted) {
      const modelled = this.#model(reading, source, domain);
      const learnt = modelled ?? this.#options.idlePower.learn(source, domain, watts, utilisation);
      if (learnt === undefined) known = false;
      else sum += learnt;
    }
    return known ? sum : undefined;
  }

  #model(reading: MeterReading, name: SourceName, domain: Domain): number | undefined {
    return reading.energies.find((figure) => figure.source.name === name)?.source.idleWatts?.(domain);
  }

  #shares(
    used: ReadonlyMap<string, number>,
    seconds: number,
    at: number,
    active: (key: string) => number | undefined,
  ): PrincipalShare[] {
    const shares: PrincipalShare[] = [];
    for (const [key, known] of this.#known) {
      if (at - known.seenAt > REMEMBER_SECONDS) {
        this.#account.end(key);
        this.#known.delete(key);
        continue;
      }
      const cpuSeconds = used.get(key) ?? 0;
      known.cpuSeconds += cpuSeconds;
      const total = this.#account.principal(key);
      shares.push({
        principal: known.principal,
        watts: perSecond(active(key), seconds),
        cpus: cpuSeconds / seconds,
        joulesTotal: total?.active ?? 0,
        idleJoulesTotal: total?.idle ?? 0,
        cpuSecondsTotal: known.cpuSeconds,
      });
    }
    return shares.sort((a, b) => (b.watts ?? 0) - (a.watts ?? 0) || b.cpus - a.cpus);
  }
}

const perSecond = (value: number | undefined, seconds: number): number | undefined =>
  value === undefined ? undefined : value / seconds;
