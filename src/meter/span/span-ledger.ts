import type { Domain, SourceName } from '../../model/index.js';
import { divide } from '../divide.js';
import type { AbsentSource, MeterReading } from '../meter-reading.js';
import type { EnergySource } from '../source.js';
import {
  type CpuScope,
  processScope,
  Span,
  type SpanAccount,
  type SpanEnergy,
  type SpanFigures,
  type SpanResult,
} from './span.js';

/** Watts that the machine draws idle in a source's domain; undefined where nobody knows. */
export type IdleWatts = (source: SourceName, domain: Domain) => number | undefined;

/** What the ledger needs of a meter. */
export interface LedgerMeter {
  read(): MeterReading;
  readonly absent: readonly AbsentSource[];
}

/**
 * Shares what the machine draws among the spans that are open. Whenever a span begins, ends or changes phase, the time
 * since the last such moment is settled: its energy is divided by CPU time used, once. Spans that overlap therefore
 * never add up to more than the machine drew.
 */
export class SpanLedger {
  readonly #meter: LedgerMeter;
  readonly #idleWatts: IdleWatts;
  readonly #open = new Set<Span>();
  readonly #sources = new Map<string, { source: EnergySource; domain: Domain }>();
  #scopes = new Map<CpuScope, number>();
  #last: MeterReading | undefined;
  #joules = new Map<string, number>();

  constructor(meter: LedgerMeter, idleWatts: IdleWatts = () => undefined) {
    this.#meter = meter;
    this.#idleWatts = idleWatts;
  }

  begin(name: string, scope: CpuScope = processScope, phase?: string): Span {
    const at = this.settle();
    const span = new Span(this, name, scope, at, phase);
    if (!this.#scopes.has(scope)) this.#scopes.set(scope, scope.cpuSeconds());
    this.#open.add(span);
    return span;
  }

  end(span: Span): SpanResult {
    const end = this.settle();
    this.#open.delete(span);
    if (![...this.#open].some((other) => other.scope === span.scope)) this.#scopes.delete(span.scope);
    return {
      name: span.name,
      start: span.start,
      end,
      ...this.#figures(span.total),
      phases: [...span.phases].map(([name, account]) => ({ name, ...this.#figures(account) })),
      absent: this.#meter.absent.map(({ name, reason }) => ({ name, reason })),
    };
  }

  /** Divides what was drawn since the last moment among the open spans, and returns the time. */
  settle(): number {
    const reading = this.#meter.read();
    const last = this.#last;
    this.#last = reading;
    const before = this.#joules;
    this.#joules = new Map();
    for (const { source, domain, joules } of reading.energies) {
      const key = `${source.name} ${domain}`;
      this.#joules.set(key, joules);
      if (!this.#sources.has(key)) this.#sources.set(key, { source, domain });
    }
    if (last === undefined || this.#open.size === 0) return reading.at;
    const seconds = reading.at - last.at;
    const used = this.#used();
    for (const [span, cpuSeconds] of used) {
      for (const account of span.current) {
        account.wallSeconds += seconds;
        account.cpuSeconds += cpuSeconds;
      }
    }
    const isTold = reading.busySeconds !== undefined && last.busySeconds !== undefined;
    const busySeconds = isTold ? reading.busySeconds - last.busySeconds : 0;
    for (const [key, { source, domain }] of this.#sources) {
      const joules = Math.max(0, (this.#joules.get(key) ?? 0) - (before.get(key) ?? 0));
      // A source whose model knows what the machine draws idle knows it better than anyone who watched.
      const watts = source.idleWatts?.(domain) ?? this.#idleWatts(source.name, domain);
      const idleJoules = watts === undefined ? undefined : watts * seconds;
      const { shares } = divide({ joules, idleJoules, busySeconds, used });
      for (const [span, share] of shares) {
        for (const account of span.current) {
          account.addEnergy(key, joules, share.active, watts === undefined ? undefined : share.idle);
        }
      }
    }
    return reading.at;
  }

  /** CPU seconds since the last moment, by span: a scope's time is shared evenly by the spans open in it. */
  #used(): [Span, number][] {
    const seconds = new Map<CpuScope, number>();
    const sharers = new Map<CpuScope, number>();
    for (const { scope } of this.#open) sharers.set(scope, (sharers.get(scope) ?? 0) + 1);
    for (const [scope, before] of this.#scopes) {
      const now = Math.max(before, scope.cpuSeconds());
      this.#scopes.set(scope, now);
      seconds.set(scope, now - before);
    }
    return [...this.#open].map((span) => [
      span,
      (seconds.get(span.scope) ?? 0) / (sharers.get(span.scope) ?? 1),
    ]);
  }

  #figures(account: SpanAccount): SpanFigures {
    const energies: SpanEnergy[] = [];
    for (const [key, { source, domain }] of this.#sources) {
      const sum = account.energies.get(key);
      if (sum === undefined) continue;
      const { name, provenance, uncertainty } = source;
      energies.push({
        source: name,
        domain,
        nodeJoules: sum.node,
        joules: sum.active,
        idleJoules: sum.idle,
        provenance,
        uncertainty,
      });
    }
    return { wallSeconds: account.wallSeconds, cpuSeconds: account.cpuSeconds, energies };
  }
}
