import type { SourceName } from '../../model/index.js';
import type { UsageSource } from '../source.js';

/** Groups that are gone and whose figures are kept apart, before they are folded into their parent's sum. */
const REMEMBERED = 4096;

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/**
 * What each group's own processes used, out of figures that contain the groups below. A group that is gone stays in its
 * parent's figure for ever and is subtracted from it for ever. Never falls, although the figures are read one after another.
 */
export class OwnUsage {
  readonly #inclusive = new Map<string, number>();
  readonly #departed = new Map<string, number>();
  readonly #told = new Map<string, number>();

  advance(figures: ReadonlyMap<string, number>): Map<string, number> {
    for (const [path, seconds] of figures) {
      this.#inclusive.delete(path);
      this.#inclusive.set(path, seconds);
    }
    this.#fold(figures);
    const below = new Map<string, number>(this.#departed);
    for (const [path, seconds] of this.#inclusive) {
      if (path !== '/') below.set(parentOf(path), (below.get(parentOf(path)) ?? 0) + seconds);
    }
    const own = new Map<string, number>();
    for (const [path, seconds] of figures) {
      const value = Math.max(this.#told.get(path) ?? 0, seconds - (below.get(path) ?? 0));
      this.#told.set(path, value);
      own.set(path, value);
    }
    return own;
  }

  /** Oldest first, as groups that are still there were put at the end. */
  #fold(present: ReadonlyMap<string, number>): void {
    let surplus = this.#inclusive.size - present.size - REMEMBERED;
    for (const [path, seconds] of this.#inclusive) {
      if (surplus-- <= 0) break;
      this.#departed.set(parentOf(path), (this.#departed.get(parentOf(path)) ?? 0) + seconds);
      this.#departed.delete(path);
      this.#inclusive.delete(path);
      this.#told.delete(path);
    }
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
export function ownGroupUsage(source: UsageSource, ownUsage: OwnUsage): Map<string, number> {
  const figures = new Map(
    (source.cgroups?.() ?? []).map(({ path, usage }) => [path, usage.cpuSeconds] as const),
  );
  return source.cgroupsContainOthers ? ownUsage.advance(figures) : figures;
}
