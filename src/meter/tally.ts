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
}

/**
 * The energy of one source since it was opened, by domain: counters added up by their differences, power integrated
 * over time by trapezoids. A device that is missing from a reading adds nothing until it is back.
 */
export class EnergyTally {
  readonly #tracks = new Map<string, Track>();
  /** How late the source's figures come: they are taken to speak of that much earlier. */
  lagSeconds = 0;

  advance(readings: Iterable<EnergyReading>): void {
    for (const reading of readings) {
      const value = reading.kind === 'counter' ? reading.joules : reading.watts;
      if (!Number.isFinite(value) || value < 0) continue;
      const key = `${reading.domain} ${reading.device}`;
      const at = reading.at - this.lagSeconds;
      const track = this.#tracks.get(key);
      if (track === undefined || track.kind !== reading.kind) {
        const { domain, kind } = reading;
        const joules = track?.joules ?? 0;
        this.#tracks.set(key, { domain, joules, at, last: value, kind, told: track?.told ?? 0 });
        continue;
      }
      const seconds = at - track.at;
      if (seconds < 0) continue;
      track.joules +=
        reading.kind === 'counter' ? Math.max(0, value - track.last) : ((track.last + value) / 2) * seconds;
      track.at = at;
      track.last = value;
    }
  }

  /** Joules by domain up to time `at`. After the last sample of a gauge its power is taken to go on as it was. */
  joules(at: number): Map<Domain, number> {
    const sums = new Map<Domain, number>();
    for (const track of this.#tracks.values()) {
      const since = track.kind === 'power' ? Math.max(0, at - track.at) * track.last : 0;
      track.told = Math.max(track.told, track.joules + since);
      sums.set(track.domain, (sums.get(track.domain) ?? 0) + track.told);
    }
    return sums;
  }
}
