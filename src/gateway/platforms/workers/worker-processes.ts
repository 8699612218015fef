import { readdirSync } from 'node:fs';
import type { Host } from '../../../base/index.js';
import type { FollowedTree, UsageSource } from '../../../meter/index.js';
import type { Principal } from '../../../model/index.js';
import type { Recognition, WorkerFacts } from '../rules/recognition.js';
import type { RuleSet } from '../rules/rule-set.js';
import { type SeenProcess, seeProcess } from './process-facts.js';

/** A process that a rule recognised, with all that descend from it. */
export interface WorkerUsage {
  readonly id: string;
  readonly principal: Principal;
  readonly recognition: Recognition;
  /** The control group that it is in. */
  readonly group: string | undefined;
  /** Since it was recognised. */
  readonly cpuSeconds: number;
}

export interface WorkerProcessesParts {
  readonly host: Host;
  readonly rules: Pick<RuleSet, 'process'>;
  /** The group of a process, and what is known of that group. */
  readonly groupOf: (pid: number) => string | undefined;
  readonly factsOf: (group: string) => WorkerFacts;
  /** Whether all in a group is someone's already. */
  readonly isRecognised: (group: string) => boolean;
}

interface Followed {
  readonly usage: Omit<WorkerUsage, 'cpuSeconds'>;
  readonly tree: FollowedTree;
}

/** Parent of all threads of the kernel, which is its own kind of process. */
const KERNEL_THREADS = 2;

/**
 * Finds workers that are processes among others of their group. Every process is looked at once when it appears, and once
 * more a tick later, as one that was only just started still has the command line of whoever started it.
 */
export class WorkerProcesses {
  readonly #parts: WorkerProcessesParts;
  readonly #followed = new Map<number, Followed>();
  #known = new Set<number>();
  #young: number[] = [];
  #isFirst = true;

  constructor(parts: WorkerProcessesParts) {
    this.#parts = parts;
  }

  /** Those that live, and once more those that ended since the last look. */
  look(trees: UsageSource): WorkerUsage[] {
    const pids = this.#pids();
    const fresh = [...pids].filter((pid) => !this.#known.has(pid));
    const again = this.#young.filter((pid) => pids.has(pid) && !this.#followed.has(pid));
    this.#known = pids;
    this.#young = this.#isFirst ? [] : fresh;
    this.#isFirst = false;
    for (const pid of [...again, ...fresh]) this.#consider(pid, trees);
    return [...this.#followed].map(([pid, followed]) => this.#read(pid, followed));
  }

  close(): void {
    for (const { tree } of this.#followed.values()) tree.close();
    this.#followed.clear();
  }

  #pids(): Set<number> {
    const names = readdirSync(this.#parts.host.procfs);
    return new Set(names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid));
  }

  #read(pid: number, { usage, tree }: Followed): WorkerUsage {
    const { cpuSeconds } = tree.read();
    if (!this.#known.has(pid) && tree.living().length === 0) {
      tree.close();
      this.#followed.delete(pid);
    }
    return { ...usage, cpuSeconds };
  }

  #consider(pid: number, trees: UsageSource): void {
    const { host, rules, groupOf, factsOf, isRecognised } = this.#parts;
    const seen = seeProcess(host, pid);
    if (seen === undefined || pid === KERNEL_THREADS || seen.parent === KERNEL_THREADS) return;
    const facts = new FactsOfProcess(seen, groupOf, factsOf);
    const recognition = rules.process(facts);
    if (recognition === undefined || recognition.role === 'none') return;
    if (this.#descendsFromWorker(seen)) return;
    const group = facts.group;
    if (group !== undefined && isRecognised(group)) return;
    const tree = follow(trees, pid);
    if (tree === undefined) return;
    const id = `worker:${pid}:${seen.startTicks}`;
    const name = recognition.function ?? seen.facts.name;
    const labels = { pid: String(pid), ...(group !== undefined && { cgroup: group }) };
    const principal: Principal = { key: id, kind: 'process', name, labels };
    this.#followed.set(pid, { usage: { id, principal, recognition, group }, tree });
  }

  #descendsFromWorker({ parent }: SeenProcess): boolean {
    for (let pid = parent; pid > 1; ) {
      if (this.#followed.has(pid)) return true;
      const above = seeProcess(this.#parts.host, pid)?.parent;
      if (above === undefined || above === pid) return false;
      pid = above;
    }
    return false;
  }
}

function follow(trees: UsageSource, pid: number): FollowedTree | undefined {
  try {
    return trees.follow?.(pid);
  } catch {
    // It has ended already.
    return undefined;
  }
}

/** What is known of a process and its group; the group is asked for when a rule wants to know. */
class FactsOfProcess implements WorkerFacts {
  readonly process;
  readonly #pid: number;
  readonly #groupOf: (pid: number) => string | undefined;
  readonly #factsOf: (group: string) => WorkerFacts;
  #group: { readonly path: string | undefined } | undefined;
  #facts: WorkerFacts | undefined;

  constructor(
    seen: SeenProcess,
    groupOf: (pid: number) => string | undefined,
    factsOf: (group: string) => WorkerFacts,
  ) {
    this.process = seen.facts;
    this.#pid = seen.pid;
    this.#groupOf = groupOf;
    this.#factsOf = factsOf;
  }

  get group(): string | undefined {
    this.#group ??= { path: this.#groupOf(this.#pid) };
    return this.#group.path;
  }

  get cgroup(): string {
    return this.group ?? '';
  }

  get container(): string | undefined {
    return this.#ofGroup.container;
  }

  get image(): string | undefined {
    return this.#ofGroup.image;
  }

  get pod(): string | undefined {
    return this.#ofGroup.pod;
  }

  get namespace(): string | undefined {
    return this.#ofGroup.namespace;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#ofGroup.labels;
  }

  get #ofGroup(): WorkerFacts {
    this.#facts ??= this.#factsOf(this.cgroup);
    return this.#facts;
  }
}
