import type {
  Configuration,
  EnergyShare,
  Invocation,
  MethodEnergy,
  PhaseName,
  RunFigures,
  StageSummary,
} from '../../model/index.js';
import type { PrimaryJoules } from './primary-energy.js';

/** What an invocation cost beside time. */
export interface InvocationPrice {
  readonly energy: PrimaryJoules | undefined;
  readonly carbonGrams: number | undefined;
  readonly costUsd: number | undefined;
}

const phaseSeconds = ({ phases }: Invocation, name: PhaseName): number =>
  phases.find((phase) => phase.name === name)?.wallSeconds ?? 0;

/** A sum of which parts may be unknown: unknown itself only while no part was known. */
const plus = (sum: number | undefined, part: number | undefined): number | undefined =>
  part === undefined ? sum : (sum ?? 0) + part;

/** Sums over a stage's, or a run's, invocations as they end: nothing of them is kept. */
export class Tally {
  invocations = 0;
  failed = 0;
  retries = 0;
  finished = 0;
  cpuSeconds = 0;
  coldStarts = 0;
  coldStartSeconds = 0;
  readSeconds = 0;
  computeSeconds = 0;
  writeSeconds = 0;
  joules: number | undefined;
  #work: number | undefined;
  #isWorkWhole = true;
  #energy: PrimaryJoules | undefined;
  #carbonGrams: number | undefined;
  #costUsd: number | undefined;
  readonly #energies = new Map<string, MethodEnergy>();
  #startedAt = Number.POSITIVE_INFINITY;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** `counts`: its partition is finished by it. */
  add(invocation: Invocation, price: InvocationPrice, counts: boolean, work?: number): void {
    this.invocations++;
    if (counts) this.finished++;
    if (invocation.status !== 'done' && invocation.status !== 'cancelled') this.failed++;
    if (invocation.attempt > 1) this.retries++;
    if (invocation.cold) this.coldStarts++;
    this.cpuSeconds += invocation.cpuSeconds;
    this.coldStartSeconds += phaseSeconds(invocation, 'cold_start');
    this.readSeconds += phaseSeconds(invocation, 'read');
    this.computeSeconds += phaseSeconds(invocation, 'compute');
    this.writeSeconds += phaseSeconds(invocation, 'write');
    if (counts) this.#work = plus(this.#work, work);
    this.#energy = price.energy ?? this.#energy;
    this.joules = plus(this.joules, price.energy?.joules);
    this.#carbonGrams = plus(this.#carbonGrams, price.carbonGrams);
    this.#costUsd = plus(this.#costUsd, price.costUsd);
    for (const share of invocation.energies) this.#addEnergy(share);
    this.#startedAt = Math.min(this.#startedAt, invocation.startedAt);
    this.#endedAt = Math.max(this.#endedAt, invocation.endedAt);
  }

  /** Units of work; undefined where none were counted, or not all are known. */
  get work(): number | undefined {
    return this.#isWorkWhole ? this.#work : undefined;
  }

  /** What an earlier session counted is not kept: the sum of the others would be too small. */
  loseWork(): void {
    this.#isWorkWhole = false;
  }

  #addEnergy({ source, domain, joules, idleJoules, provenance }: EnergyShare): void {
    const key = `${source} ${domain}`;
    const before = this.#energies.get(key)?.joules ?? 0;
    this.#energies.set(key, { source, domain, joules: before + joules + (idleJoules ?? 0), provenance });
  }

  /** By every source that worked, the share of idle included where it is known. */
  get energies(): readonly MethodEnergy[] {
    return [...this.#energies.values()];
  }

  /** Seconds since 1970; undefined before anything ran. */
  get startedAt(): number | undefined {
    return Number.isFinite(this.#startedAt) ? this.#startedAt : undefined;
  }

  /** Seconds since 1970 of the last end; undefined before anything ran. */
  get endedAt(): number | undefined {
    return Number.isFinite(this.#endedAt) ? this.#endedAt : undefined;
  }

  get wallSeconds(): number {
    return Math.max(0, this.#endedAt - this.#startedAt) || 0;
  }

  figures(): RunFigures {
    const { invocations, failed, retries, wallSeconds, cpuSeconds, coldStarts } = this;
    const { readSeconds, computeSeconds, writeSeconds, joules } = this;
    return {
      ...{ invocations, failed, retries, wallSeconds, cpuSeconds, coldStarts },
      ...{ readSeconds, computeSeconds, writeSeconds },
      ...(joules !== undefined && { joules }),
      ...(this.#energy && { source: this.#energy.source, provenance: this.#energy.provenance }),
      ...(this.#carbonGrams !== undefined && { carbonGrams: this.#carbonGrams }),
      ...(this.#costUsd !== undefined && { costUsd: this.#costUsd }),
    };
  }

  summary(name: string, configuration: Configuration): StageSummary {
    const { work } = this;
    return { name, configuration, ...this.figures(), ...(work !== undefined && { work }) };
  }
}
