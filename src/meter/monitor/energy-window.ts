import type { Domain, SourceName } from '../../model/index.js';
import { type Choice, candidatesOf, choosePrimary } from '../compare/choose.js';
import type { EnergyFigure, MeterReading } from '../meter-reading.js';

/** What one source counted, in the domains that count, since the account was last brought up to date. */
export interface Drawn {
  readonly primary: Choice;
  readonly joules: number;
  readonly seconds: number;
  /** CPU seconds that the machine was busy meanwhile; undefined where nothing tells. */
  readonly busySeconds: number | undefined;
  /** False when what was drawn before the last reading is not in it, as nobody knows how much that was. */
  readonly isWhole: boolean;
}

export const keyOf = (source: SourceName, domain: Domain): string => `${source} ${domain}`;

/** The figures of a reading that stand for something, by source and domain. */
export function answered(reading: MeterReading): Map<string, EnergyFigure> {
  const fresh = reading.energies.filter((figure) => !figure.stale);
  return new Map(fresh.map((figure) => [keyOf(figure.source.name, figure.domain), figure]));
}

/**
 * Hands out the energy of the primary source, window by window, so that every window is counted by one source and none is
 * counted twice. A source can count for a window only when it answered at both ends of it: one that was away brings what
 * it counted meanwhile when it was the only one, and begins anew when another has stood in for it.
 */
export class EnergyWindow {
  readonly #preference: readonly SourceName[];
  #accounted: MeterReading;
  #last: MeterReading;

  constructor(first: MeterReading, preference: readonly SourceName[]) {
    this.#preference = preference;
    this.#accounted = first;
    this.#last = first;
  }

  /** What was drawn up to this reading, or undefined when no source can tell; the next window then contains this one. */
  advance(reading: MeterReading): Drawn | undefined {
    const last = this.#last;
    this.#last = reading;
    const drawn =
      this.#drawn(this.#accounted, reading, true) ??
      (last === this.#accounted ? undefined : this.#drawn(last, reading, false));
    // With nothing to go on from, there is nothing to wait for either.
    if (drawn !== undefined || answered(this.#accounted).size === 0) this.#accounted = reading;
    return drawn;
  }

  #drawn(from: MeterReading, to: MeterReading, isWhole: boolean): Drawn | undefined {
    const before = answered(from);
    const after = answered(to);
    const figures = [...after].flatMap(([key, figure]) => {
      const start = before.get(key);
      return start === undefined ? [] : [{ figure, joules: Math.max(0, figure.joules - start.joules) }];
    });
    const primary = choosePrimary(
      candidatesOf(
        figures.map(({ figure: { source, domain } }) => ({
          source: source.name,
          domain,
          provenance: source.provenance,
          uncertainty: source.uncertainty,
        })),
      ),
      this.#preference,
    );
    if (primary === undefined) return undefined;
    const joules = figures
      .filter(
        ({ figure }) => figure.source.name === primary.source && primary.domains.includes(figure.domain),
      )
      .reduce((sum, figure) => sum + figure.joules, 0);
    const busySeconds =
      from.busySeconds === undefined || to.busySeconds === undefined
        ? undefined
        : Math.max(0, to.busySeconds - from.busySeconds);
    return { primary, joules, seconds: to.at - from.at, busySeconds, isWhole };
  }
}
