import type { SourceName } from '../../model/index.js';
import type { UsageSource } from '../source.js';

/** Groups that are gone and whose figures are kept, in case they come back: more than any source keeps itself. */
const REMEMBERED = 8192;

/** Less is what doubles lose in sums and differences, and nobody's work. */
const ROUNDING_SECONDS = 1e-9;

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

interface Group {
  readonly above: string | undefined;
  /** The call since which its figures count: earlier ones of the groups below are not in them. */
  since: number;
  /** The last call that it was in. */
  seen: number;
  /** What it has used with all groups below it. */
  inclusive: number;
  /** The part of `inclusive` that groups used which are gone. */
  departed: number;
  /** What was told of its own use. */
  told: number;
}

/**
 * What each group's own processes used, out of figures that contain the groups below. A group that is gone stays in the
 * figure of the group above for ever and is subtracted from it for ever. Never falls, although the figures are read one
 * after another, unless a group began anew from 0.
 */
export class OwnUsage {
  readonly #present = new Map<string, Group>();
  /** Longest gone first. */
  readonly #gone = new Map<string, Group>();
  #calls = 0;

  /** How many groups are remembered that are gone. */
  get remembered(): number {
    return this.#gone.size;
  }

  advance(figures: ReadonlyMap<string, number>): Map<string, number> {
    this.#calls++;
    for (const path of this.#newcomers(figures)) this.#enter(path);
    const below = new Map<string, number>();
    for (const [path, seconds] of figures) {
      const group = this.#present.get(path);
      if (group === undefined) continue;
      if (seconds < group.inclusive) this.#restart(group);
      group.inclusive = seconds;
      group.seen = this.#calls;
      if (group.above !== undefined) below.set(group.above, (below.get(group.above) ?? 0) + seconds);
    }
    for (const [path, group] of this.#present) if (group.seen !== this.#calls) this.#leave(path, group);
    const own = new Map<string, number>();
    for (const [path, group] of this.#present) {
      const rest = group.inclusive - group.departed - (below.get(path) ?? 0);
      if (rest - group.told >= ROUNDING_SECONDS) group.told = rest;
      own.set(path, group.told);
    }
    return own;
  }

  /** Shorter paths first, so that a group comes after the one above it. */
  #newcomers(figures: ReadonlyMap<string, number>): string[] {
    const paths: string[] = [];
    for (const path of figures.keys()) if (!this.#present.has(path)) paths.push(path);
    return paths.sort((a, b) => a.length - b.length);
  }

  #enter(path: string): void {
    const known = this.#gone.get(path);
    if (known) {
      this.#gone.delete(path);
      this.#addToDeparted(known, -known.inclusive);
    }
    const above = path === '/' ? undefined : parentOf(path);
    const fresh = { above, since: this.#calls, seen: 0, inclusive: 0, departed: 0, told: 0 };
    this.#present.set(path, known ?? fresh);
  }

  /** What it used before stays in the figures above, and is in none of its own any more. */
  #restart(group: Group): void {
    this.#addToDeparted(group, group.inclusive);
    group.since = this.#calls;
    group.departed = 0;
    group.told = 0;
  }

  #leave(path: string, group: Group): void {
    this.#addToDeparted(group, group.inclusive);
    this.#present.delete(path);
    this.#gone.set(path, group);
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= REMEMBERED) break;
      this.#gone.delete(oldest);
    }
  }

  #addToDeparted(group: Group, seconds: number): void {
    if (group.above === undefined) return;
    const parent = this.#present.get(group.above) ?? this.#gone.get(group.above);
    if (parent !== undefined && parent.since <= group.seen) parent.departed += seconds;
  }
}

const PREFERENCE: readonly SourceName[] = ['ebpf', 'cgroup'];

/** The source that tells groups apart: exact before sampled. */
export function chooseForGroups(sources: readonly UsageSource[]): UsageSource | undefined {
  return PREFERENCE.map((name) => sources.find((source) => source.name === name && source.cgroups)).find(
    (source) => source !== undefined,
  );
}

/** CPU seconds of each group's own processes, whichever way the source counts. */
export function ownGroupUsage(source: UsageSource, ownUsage: OwnUsage): ReadonlyMap<string, number> {
  const figures = new Map(
    (source.cgroups?.() ?? []).map(({ path, usage }) => [path, usage.cpuSeconds] as const),
  );
  return source.cgroupsContainOthers ? ownUsage.advance(figures) : figures;
}
