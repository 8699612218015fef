import type { Host } from '../../base/index.js';
import type { SourceName } from '../../model/index.js';
import type { Share } from '../divide.js';
import { Meter } from '../meter.js';
import type { AbsentSource, MeterReading } from '../meter-reading.js';
import type { Source } from '../source.js';
import { Comparison } from './comparison.js';
import type { CrossCheckReport } from './cross-check.js';
import { answered, type Drawn, EnergyWindow, keyOf } from './energy-window.js';
import type { IdlePower } from './idle-power.js';
import { NodeAccount } from './node-account.js';
import type { Observer } from './observer.js';
import { Roster } from './roster.js';
import type { NodeEnergy, NodeSnapshot, NodeSums, PrincipalShare } from './snapshot.js';
import { UsageTracker, WATTLOOP } from './usage-tracker.js';

export interface NodeMonitorOptions {
  readonly methods?: readonly SourceName[] | undefined;
  readonly primary: readonly SourceName[];
  readonly intervalSeconds: number;
  readonly disagreementWarning: number;
  readonly observer: Observer;
  readonly idlePower: IdlePower;
  /** CPU seconds of this process so far. */
  readonly selfCpuSeconds: () => number;
  /** Principals that are listed at most; what the rest uses is added up. */
  readonly maxPrincipals: number;
}

/** How long an ended principal is still listed, so that a scraper sees its last figure. */
const REMEMBER_SECONDS = 600;

const SILENT = { reason: 'it does not answer', remedy: 'The log says why (--debug); it is asked again' };

/** Keeps the account of a machine, tick by tick: what was drawn, by whom, and what nobody can be given. */
export class NodeMonitor {
  readonly #host: Host;
  readonly #meter: Meter;
  readonly #options: NodeMonitorOptions;
  readonly #logicalCpus: number;
  readonly #since: number;
  readonly #account = new NodeAccount();
  readonly #roster: Roster;
  readonly #usage: UsageTracker;
  readonly #window: EnergyWindow;
  readonly #comparison: Comparison;
  /** What is known of idle power, by source and domain. */
  readonly #idleWatts = new Map<string, number>();
  readonly #first: MeterReading;
  #last: MeterReading;
  #hasAccounted = false;
  #hasIdle = false;

  private constructor(
    host: Host,
    meter: Meter,
    comparison: Comparison,
    logicalCpus: number,
    options: NodeMonitorOptions,
  ) {
    const { observer, selfCpuSeconds, maxPrincipals, primary } = options;
    this.#host = host;
    this.#meter = meter;
    this.#comparison = comparison;
    this.#options = options;
    this.#logicalCpus = logicalCpus;
    this.#since = host.clock.wall();
    this.#roster = new Roster({
      limit: maxPrincipals,
      rememberSeconds: REMEMBER_SECONDS,
      onForget: (key) => this.#account.end(key),
    });
    this.#usage = new UsageTracker(host, meter.usageSources, observer, selfCpuSeconds);
    this.#first = meter.read();
    this.#last = this.#first;
    this.#window = new EnergyWindow(this.#last, primary);
    this.#look(this.#last.at);
  }

  static async open(
    host: Host,
    sources: readonly Source[],
    logicalCpus: number,
    options: NodeMonitorOptions,
  ): Promise<NodeMonitor> {
    const { methods, intervalSeconds, disagreementWarning } = options;
    const comparison = new Comparison(host.log, disagreementWarning);
    const meter = await Meter.open(host, sources, {
      methods,
      intervalSeconds,
      onReadings: (source, readings) => comparison.take(source, readings),
    });
    await meter.ready();
    return new NodeMonitor(host, meter, comparison, logicalCpus, options);
  }

  /** Accounts for the time since the last tick. */
  tick(): NodeSnapshot {
    const last = this.#last;
    const reading = this.#meter.read();
    this.#last = reading;
    const seconds = reading.at - last.at;
    const busyCpus = rate(difference(reading.busySeconds, last.busySeconds), seconds);
    this.#look(reading.at);
    const energies = energiesOf(this.#first, last, reading);
    this.#learnIdle(reading, energies, busyCpus === undefined ? undefined : busyCpus / this.#logicalCpus);
    const crossChecks = this.#compare(reading, energies);
    const drawn = this.#window.advance(reading);
    const settled = drawn && this.#settle(drawn);
    const totals = this.#totals();
    return {
      time: this.#host.clock.wall(),
      since: this.#since,
      seconds,
      logicalCpus: this.#logicalCpus,
      busyCpus,
      energies,
      primary: drawn?.primary,
      watts: rate(drawn?.joules, drawn?.seconds),
      idleWatts: settled?.idleWatts,
      unattributedWatts: rate(settled?.unattributed, drawn?.seconds),
      totals,
      shares: this.#shares(seconds, drawn, settled?.shares),
      usageSource: this.#usage.source?.name,
      self: {
        cpuSecondsTotal: this.#roster.members.get(WATTLOOP.key)?.cpuSeconds ?? 0,
        joulesTotal: totals && (this.#account.principal(WATTLOOP.key)?.active ?? 0),
      },
      disagreements: this.#comparison.disagreements(),
      crossChecks,
      ...this.#sources(reading),
    };
  }

  close(): Promise<void> {
    return this.#meter.close();
  }

  /** Holds the sources against one another, and undoes the lag of those that are asked beside the work and come late. */
  #compare(reading: MeterReading, energies: readonly NodeEnergy[]): CrossCheckReport[] {
    this.#comparison.tick(reading, energies);
    const reports = this.#comparison.crossChecks();
    for (const { source, lagSeconds } of reports) {
      const polled = reading.energies.some(
        (figure) => figure.source.name === source && !figure.source.instant,
      );
      if (polled && lagSeconds !== undefined) this.#meter.correctLag(source, lagSeconds);
    }
    return reports;
  }

  #look(at: number): void {
    this.#roster.begin(at, this.#host.clock.wall());
    this.#usage.look((principal, cpuSeconds) => this.#roster.add(principal, cpuSeconds));
  }

  /** Shares out what was drawn by what everyone used meanwhile. */
  #settle(drawn: Drawn): {
    idleWatts: number | undefined;
    unattributed: number;
    shares: ReadonlyMap<string, Share>;
  } {
    const used: (readonly [string, number])[] = [];
    for (const [key, member] of this.#roster.members) {
      const cpuSeconds = drawn.isWhole ? member.pending : member.used;
      if (cpuSeconds > 0) used.push([key, cpuSeconds]);
    }
    this.#roster.settle();
    const { primary, joules, seconds, busySeconds } = drawn;
    const idle = primary.domains.map((domain) => this.#idleWatts.get(keyOf(primary.source, domain)));
    const idleWatts = idle.reduce(
      (sum, watts) => (sum === undefined || watts === undefined ? undefined : sum + watts),
      0,
    );
    const division = this.#account.tick({
      joules,
      idleJoules: idleWatts === undefined ? undefined : idleWatts * seconds,
      busySeconds: busySeconds ?? 0,
      used,
    });
    this.#hasAccounted = true;
    if (idleWatts !== undefined) this.#hasIdle = true;
    return { idleWatts, unattributed: division.unattributed, shares: division.shares };
  }

  #learnIdle(reading: MeterReading, energies: readonly NodeEnergy[], utilisation: number | undefined): void {
    const { idlePower } = this.#options;
    for (const [index, { source, domain, watts }] of energies.entries()) {
      const learnt =
        reading.energies[index]?.source.idleWatts?.(domain) ??
        (watts === undefined || utilisation === undefined
          ? undefined
          : idlePower.learn(source, domain, watts, utilisation));
      if (learnt !== undefined) this.#idleWatts.set(keyOf(source, domain), learnt);
    }
  }

  #totals(): NodeSums | undefined {
    if (!this.#hasAccounted) return undefined;
    const { joules, idle, unattributed, ended } = this.#account.totals;
    return {
      joules,
      idleJoules: this.#hasIdle ? idle : undefined,
      unattributedJoules: unattributed,
      endedJoules: ended,
    };
  }

  #shares(
    seconds: number,
    drawn: Drawn | undefined,
    shares: ReadonlyMap<string, Share> | undefined,
  ): PrincipalShare[] {
    const list: PrincipalShare[] = [];
    for (const [key, member] of this.#roster.members) {
      const total = this.#account.principal(key);
      const active = shares && (shares.get(key)?.active ?? 0);
      list.push({
        principal: member.principal,
        since: member.since,
        isGone: !this.#roster.isThere(member),
        watts: rate(active, drawn?.seconds),
        cpus: rate(member.used, seconds) ?? 0,
        joulesTotal: this.#hasAccounted ? (total?.active ?? 0) : undefined,
        idleJoulesTotal: this.#hasIdle ? (total?.idle ?? 0) : undefined,
        cpuSecondsTotal: member.cpuSeconds,
      });
    }
    return list.sort((a, b) => (b.watts ?? 0) - (a.watts ?? 0) || b.cpus - a.cpus);
  }

  #sources(reading: MeterReading): { used: SourceName[]; absent: AbsentSource[] } {
    const answering = new Set(
      reading.energies.filter(({ stale }) => !stale).map(({ source }) => source.name),
    );
    const energy = this.#meter.energySources.map(({ name }) => name);
    return {
      used: [
        ...energy.filter((name) => answering.has(name)),
        ...this.#meter.usageSources.map(({ name }) => name),
      ],
      absent: [
        ...this.#meter.absent,
        ...energy.filter((name) => !answering.has(name)).map((name) => ({ name, ...SILENT })),
      ],
    };
  }
}

/** Each source's power over a tick, where it answered at both ends, and its energy since the monitor began. */
function energiesOf(first: MeterReading, last: MeterReading, reading: MeterReading): NodeEnergy[] {
  const starts = new Map(first.energies.map((figure) => [keyOf(figure.source.name, figure.domain), figure]));
  const before = answered(last);
  const seconds = reading.at - last.at;
  return reading.energies.map(({ source, domain, joules, stale }) => {
    const { name, provenance } = source;
    const key = keyOf(name, domain);
    const watts = stale ? undefined : rate(difference(joules, before.get(key)?.joules), seconds);
    const joulesTotal = Math.max(0, joules - (starts.get(key)?.joules ?? 0));
    return { source: name, domain, provenance, watts, joulesTotal };
  });
}

const difference = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : Math.max(0, now - before);

const rate = (amount: number | undefined, seconds: number | undefined): number | undefined =>
  amount === undefined || seconds === undefined || seconds <= 0 ? undefined : amount / seconds;
