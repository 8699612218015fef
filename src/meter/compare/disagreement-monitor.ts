import type { Logger } from '../../base/index.js';
import type { Domain, SourceName } from '../../model/index.js';
import { type Disagreement, type DomainEnergy, disagreements } from './disagreement.js';

export interface DisagreementOptions {
  /** Relative difference that is warned about. */
  readonly threshold?: number;
  /** How far back energies are compared. */
  readonly windowSeconds?: number;
  /** Time that both sources must cover before they are judged: instruments that answer once a second can't be in less. */
  readonly minSeconds?: number;
}

/** Two sources over the last window. */
export interface WindowDisagreement extends Disagreement {
  readonly seconds: number;
  readonly overThreshold: boolean;
}

interface Point {
  readonly at: number;
  readonly joules: number;
}

interface Course {
  readonly source: SourceName;
  readonly domain: Domain;
  points: Point[];
}

const DEFAULTS = { threshold: 0.15, windowSeconds: 60, minSeconds: 10 };
/** A pair that was warned about is warned about again only after it was this far below the threshold. */
const CALM = 0.8;

/** Cumulative joules at a time between two points, in proportion. */
function joulesAt(points: readonly Point[], at: number): number {
  const next = points.findIndex((point) => point.at >= at);
  const after = points[next];
  const before = points[next - 1];
  if (after === undefined) return points.at(-1)?.joules ?? Number.NaN;
  if (before === undefined) return after.joules;
  return before.joules + ((after.joules - before.joules) * (at - before.at)) / (after.at - before.at);
}

/** Compares all sources that cover the same domain as their figures come in, over the time that each pair has in common. */
export class DisagreementMonitor {
  readonly #options: Required<DisagreementOptions>;
  readonly #log: Logger;
  readonly #courses = new Map<string, Course>();
  readonly #warned = new Set<string>();

  constructor(log: Logger, options: DisagreementOptions = {}) {
    this.#log = log;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Takes what a source has counted in a domain since it was opened, all its devices together, as of time `at`. */
  record(energy: DomainEnergy, at: number): void {
    const { source, domain, joules } = energy;
    if (!Number.isFinite(at) || !Number.isFinite(joules)) return;
    const key = `${source} ${domain}`;
    const course = this.#courses.get(key) ?? { source, domain, points: [] };
    this.#courses.set(key, course);
    const last = course.points.at(-1);
    if (last !== undefined && at <= last.at) return;
    // A source that was opened anew counts from 0 again: what it said before can't be compared with that.
    if (last !== undefined && joules < last.joules) course.points = [];
    course.points.push({ at, joules });
    const oldest = at - this.#options.windowSeconds;
    while ((course.points[1]?.at ?? at) <= oldest) course.points.shift();
  }

  /** How far each pair is apart in the window that ends with its latest common moment. Warns of pairs that newly are too far. */
  check(): WindowDisagreement[] {
    const courses = [...this.#courses.values()];
    const found = courses.flatMap((one, i) =>
      courses.slice(i + 1).flatMap((other) => (one.domain === other.domain ? this.#compare(one, other) : [])),
    );
    for (const pair of found) this.#warn(pair);
    return found;
  }

  #compare(one: Course, other: Course): WindowDisagreement[] {
    const { windowSeconds, minSeconds, threshold } = this.#options;
    const firsts = [one, other].map(({ points }) => points[0]?.at ?? Number.NaN);
    const lasts = [one, other].map(({ points }) => points.at(-1)?.at ?? Number.NaN);
    const to = Math.min(...lasts);
    const from = Math.max(...firsts, to - windowSeconds);
    const silent = Math.max(...lasts) - to > windowSeconds;
    if (silent || !(to - from >= Math.min(minSeconds, windowSeconds))) return [];
    const energies = [one, other].map(({ source, domain, points }) => ({
      source,
      domain,
      joules: joulesAt(points, to) - joulesAt(points, from),
    }));
    return disagreements(energies).map((pair) => ({
      ...pair,
      seconds: to - from,
      overThreshold: pair.relative > threshold,
    }));
  }

  #warn(pair: WindowDisagreement): void {
    const { a, b, domain, relative, joulesA, joulesB, seconds, overThreshold } = pair;
    const key = `${a} ${b} ${domain}`;
    if (relative < CALM * this.#options.threshold) this.#warned.delete(key);
    if (!overThreshold || this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#log.warn('sources disagree', {
      domain,
      [`${a}_joules`]: Number(joulesA.toFixed(3)),
      [`${b}_joules`]: Number(joulesB.toFixed(3)),
      relative: Number(relative.toFixed(3)),
      seconds: Number(seconds.toFixed(1)),
    });
  }
}
