import {
  type GroupNames,
  type Names,
  type Observer,
  type PrincipalUsage,
  recognise,
  type UsageSource,
} from '../../../meter/index.js';
import type { Principal, SourceName } from '../../../model/index.js';
import type { Recognition, WorkerFacts } from '../rules/recognition.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { WorkerProcesses, WorkerUsage } from './worker-processes.js';

export interface PlatformObserverParts {
  /** Tells containers, pods and services apart. */
  readonly groups: Observer;
  readonly names: Names;
  readonly rules: Pick<RuleSet, 'group'>;
  /** Where rules speak of processes. */
  readonly processes?: (observer: PlatformObserver) => WorkerProcesses;
}

/** Trees are followed exactly by the kernel programs, and sampled from /proc. */
const TREES: readonly SourceName[] = ['ebpf', 'proc'];

/** What is known of a group by its path. */
export function factsOf(cgroup: string, names: GroupNames): WorkerFacts {
  const { container, name, image, pod, namespace, labels = {} } = names;
  // Of a container that is in no pod its name is all that there is.
  return {
    cgroup,
    container: container ?? (pod === undefined ? name : undefined),
    image,
    pod,
    namespace,
    labels,
  };
}

/**
 * Tells containers, pods, services and those processes apart that rules know, and remembers what rules say of each. What a
 * worker process uses is taken out of its group, so that nothing counts twice.
 */
export class PlatformObserver implements Observer {
  readonly #parts: PlatformObserverParts;
  readonly #processes: WorkerProcesses | undefined;
  /** By the very principal: it is made anew when more is known of whom it stands for. */
  readonly #recognitions = new WeakMap<Principal, Recognition | undefined>();
  readonly #byGroup = new Map<string, Recognition>();
  /** What was told of each group last: it never falls, though workers are not read at the same moment. */
  readonly #told = new Map<string, number>();
  /** By group: what workers used in it that have ended. */
  readonly #gone = new Map<string, number>();
  #living = new Map<string, WorkerUsage>();
  #source: UsageSource | undefined;
  #trees: UsageSource | undefined;

  constructor(parts: PlatformObserverParts) {
    this.#parts = parts;
    this.#processes = parts.processes?.(this);
  }

  get source(): UsageSource | undefined {
    return this.#source;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    this.#trees = TREES.map((name) => sources.find((source) => source.name === name && source.follow)).find(
      (source) => source !== undefined,
    );
    this.#source = this.#parts.groups.choose(sources);
    return this.#source;
  }

  own(source: UsageSource): string | undefined {
    return this.#parts.groups.own(source);
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const usages = this.#parts.groups.observe(source);
    this.#byGroup.clear();
    for (const { id, principal } of usages) {
      const recognition = this.#recognise(id, principal);
      if (recognition) this.#byGroup.set(id, recognition);
    }
    if (this.#processes === undefined || this.#trees === undefined) return usages;
    return this.#apart(usages, this.#processes.look(this.#trees));
  }

  /** What rules say of a principal that was observed. */
  recognitionOf(principal: Principal): Recognition | undefined {
    return this.#recognitions.get(principal);
  }

  /** Whether rules know whose a whole group is. */
  isRecognised(group: string): boolean {
    return this.#byGroup.has(group);
  }

  factsOf(group: string): WorkerFacts {
    return factsOf(group, this.#parts.names.of(recognise(group)));
  }

  close(): void {
    this.#processes?.close();
  }

  #recognise(group: string, principal: Principal): Recognition | undefined {
    if (!this.#recognitions.has(principal)) {
      this.#recognitions.set(principal, this.#parts.rules.group(this.factsOf(group)));
    }
    return this.#recognitions.get(principal);
  }

  /** The usages with those of workers beside them, and taken out of their groups'. */
  #apart(usages: readonly PrincipalUsage[], workers: readonly WorkerUsage[]): PrincipalUsage[] {
    const now = new Map(workers.map((worker) => [worker.id, worker]));
    for (const { id, group, cpuSeconds } of this.#living.values()) {
      if (!now.has(id) && group !== undefined)
        this.#gone.set(group, (this.#gone.get(group) ?? 0) + cpuSeconds);
    }
    this.#living = now;
    const within = new Map(this.#gone);
    for (const { group, cpuSeconds, principal, recognition } of workers) {
      this.#recognitions.set(principal, recognition);
      if (group !== undefined) within.set(group, (within.get(group) ?? 0) + cpuSeconds);
    }
    const left = usages.map((usage) => {
      const part = within.get(usage.id);
      const before = this.#told.get(usage.id) ?? 0;
      const cpuSeconds = part === undefined ? usage.cpuSeconds : Math.max(before, usage.cpuSeconds - part);
      this.#told.set(usage.id, cpuSeconds);
      return part === undefined ? usage : { ...usage, cpuSeconds };
    });
    this.#forget(usages);
    return [...left, ...workers];
  }

  #forget(usages: readonly PrincipalUsage[]): void {
    const groups = new Set(usages.map(({ id }) => id));
    for (const kept of [this.#told, this.#gone]) {
      for (const group of kept.keys()) if (!groups.has(group)) kept.delete(group);
    }
  }
}
