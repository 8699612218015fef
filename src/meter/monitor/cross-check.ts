import type { Estimate, PowerSample, PowerSeries } from '../../maths/index.js';
import type { Domain, EnergyReading, Provenance, SourceName } from '../../model/index.js';
import type { Calibration } from '../compare/calibrate.js';
import { CalibrationTracker, type Drift } from '../compare/calibration-tracker.js';
import { candidatesOf, choosePrimary } from '../compare/choose.js';
import { LagTracker } from '../compare/lag-tracker.js';

/** What one source is, held against a more trusted one that covers the same domain. Reported, never applied to figures. */
export interface CrossCheckReport {
  readonly source: SourceName;
  readonly against: SourceName;
  readonly domain: Domain;
  /** How late the source comes; undefined until it can be told. */
  readonly lagSeconds: number | undefined;
  readonly lagDriftPpm: Estimate | undefined;
  /** `trusted = gain · power + offset`, of the latest window; undefined until it can be told. */
  readonly calibration: Calibration | undefined;
  readonly drift: Drift | undefined;
  /** Why there is no calibration, where there is none. */
  readonly reason: string | undefined;
}

/** A source's domain that takes part. */
export interface CheckedSource {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  readonly uncertainty: number;
  readonly sampling: PowerSeries['sampling'];
}

interface Pair {
  readonly source: CheckedSource;
  readonly against: CheckedSource;
  readonly lag: LagTracker;
  readonly calibration: CalibrationTracker;
}

const WINDOW_SECONDS = 300;

/** Power of all devices of a domain at one moment, from the readings of one poll. */
export function powerByDomain(readings: readonly EnergyReading[]): Map<Domain, PowerSample> {
  const sums = new Map<Domain, PowerSample>();
  for (const reading of readings) {
    if (reading.kind !== 'power') continue;
    const before = sums.get(reading.domain);
    sums.set(reading.domain, { at: reading.at, watts: (before?.watts ?? 0) + reading.watts });
  }
  return sums;
}

/** Holds every source against the most trusted one of its domain: how late it comes, how far it is off, and how both drift. */
export class CrossCheck {
  readonly #pairs: Pair[] = [];
  readonly #members = new Map<string, CheckedSource>();

  /** Makes a source known; the most trusted one of a domain is chosen anew when one joins. */
  join(member: CheckedSource): void {
    const key = `${member.source} ${member.domain}`;
    if (this.#members.has(key)) return;
    this.#members.set(key, member);
    const rivals = [...this.#members.values()].filter(({ domain }) => domain === member.domain);
    const best = choosePrimary(candidatesOf(rivals))?.source;
    const trusted = rivals.find(({ source }) => source === best);
    const kept = this.#pairs.filter(
      ({ source, against }) => source.domain !== member.domain || against === trusted,
    );
    this.#pairs.splice(0, this.#pairs.length, ...kept);
    if (trusted === undefined) return;
    for (const rival of rivals) {
      if (rival === trusted || kept.some(({ source }) => source === rival)) continue;
      const options = { windowSeconds: WINDOW_SECONDS };
      this.#pairs.push({
        source: rival,
        against: trusted,
        lag: new LagTracker(trusted.sampling, rival.sampling, options),
        calibration: new CalibrationTracker(trusted.sampling, rival.sampling, options),
      });
    }
  }

  record(name: SourceName, domain: Domain, sample: PowerSample): void {
    for (const { source, against, lag, calibration } of this.#pairs) {
      if (source.domain !== domain) continue;
      if (against.source === name) {
        lag.add('first', sample);
        calibration.add('trusted', sample);
      } else if (source.source === name) {
        lag.add('second', sample);
        calibration.add('source', sample);
      }
    }
  }

  report(): CrossCheckReport[] {
    return this.#pairs.map(({ source, against, lag, calibration }) => ({
      source: source.source,
      against: against.source,
      domain: source.domain,
      lagSeconds: lag.windows.at(-1)?.lagSeconds,
      lagDriftPpm: lag.driftPpm,
      calibration: calibration.latest,
      drift: calibration.drift,
      reason: calibration.latest ? undefined : (calibration.refusals.last ?? 'not enough has been seen yet'),
    }));
  }
}
