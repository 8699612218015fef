import type { Domain, EnergyReading } from '../model/index.js';

interface Track {
  readonly domain: Domain;
  joules: number;
  at: number;
  /** The counter's last value, or the gauge's last power. */
  last: number;
  readonly kind: EnergyReading['kind'];
  /** What was told for this device at most, so that no later figure falls below an earlier one. */
  told: number;
  /** The reading that it was in last, counted from 1. */
  reading: number;
}

/** A domain's energy so far, and whether it is up to date. */
export interface TalliedDomain {
  readonly joules: number;
  /** Time of the latest sample of any of its devices. */
  readonly readAt: number;
  /** False when the last reading held none of its devices. */
  readonly inLastReading: boolean;
}

/**
 * The energy of one source since it was opened, by domain: counters added up by their differences, power integrated
 * over time by trapezoids. A device that is missing from a reading adds nothing until it is back; then a counter brings
 * what it counted meanwhile, and a gauge that was away for longer than it is held begins anew.
 */
export class EnergyTally {
  readonly #tracks = new Map<string, Track>();
  readonly #holdSeconds: number;
  /** How late the source's figures come: they are taken to speak of that much earlier. */
  lagSeconds = 0;
  #readings = 0;

  /** `holdSeconds`: for how long the last power of a gauge that does not answer is taken to go on. */
  constructor(holdSeconds: number = Number.POSITIVE_INFINITY) {
    this.#holdSeconds = holdSeconds;
  }

  /** Takes a reading; an empty one, when the source did not answer. */
  advance(readings: Iterable<EnergyReading>): void {
    this.#readings++;
    for (const reading of readings) {
      const value = reading.kind === 'counter' ? reading.joules : reading.watts;
      if (!Number.isFinite(value) || value < 0) continue;
      const key = `${reading.domain} ${reading.device}`;
      const at = reading.at - this.lagSeconds;
      const track = this.#tracks.get(key);
      if (track === undefined || track.kind !== reading.kind) {
        const { domain, kind } = reading;
        const joules = track?.joules ?? 0;
        const told = track?.told ?? 0;
        this.#tracks.set(key, { domain, joules, at, last: value, kind, told, reading: this.#readings });
        continue;
      }
      const seconds = at - track.at;
      const wasSilent = track.reading < this.#readings - 1 && seconds > this.#holdSeconds;
      track.reading = this.#readings;
      if (seconds < 0) continue;
      if (reading.kind === 'counter') track.joules += Math.max(0, value - track.last);
      // What it drew while it did not answer is not known.
      else if (wasSilent) track.joules += track.last * this.#holdSeconds;
      else track.joules += ((track.last + value) / 2) * seconds;
      track.at = at;
      track.last = value;
    }
  }

  /** Joules by domain up to time `at`. After the last sample of a gauge its power is taken to go on as it was. */
  domains(at: number): Map<Domain, TalliedDomain> {
    const sums = new Map<Domain, TalliedDomain>();
    for (const track of this.#tracks.values()) {
      const inLastReading = track.reading === this.#readings;
      const since = track.kind === 'power' ? Math.max(0, at - track.at) : 0;
      const held = inLastReading ? since : Math.min(since, this.#holdSeconds);
      track.told = Math.max(track.told, track.joules + held * track.last);
      const sum = sums.get(track.domain);
      sums.set(track.domain, {
        joules: (sum?.joules ?? 0) + track.told,
        readAt: Math.max(sum?.readAt ?? track.at, track.at),
        inLastReading: (sum?.inLastReading ?? false) || inLastReading,
      });
    }
    return sums;
  }

  joules(at: number): Map<Domain, number> {
    return new Map([...this.domains(at)].map(([domain, { joules }]) => [domain, joules]));
  }
}
