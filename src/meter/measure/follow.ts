import type { Host } from '../../base/index.js';
import { messageOf } from '../../base/index.js';
import type { ProcessIdentity, SourceName, Usage } from '../../model/index.js';
import type { Meter } from '../meter.js';
import type { FollowedTree, UsageSource } from '../source.js';
import type { CpuScope } from '../span/span.js';

/** What one usage source says of the command's process tree. */
export interface MethodUsage {
  readonly source: SourceName;
  readonly usage: Usage;
}

interface Follower {
  readonly source: SourceName;
  readonly tree: FollowedTree;
}

/** Which source's CPU time the energy is shared by, best first: exact and complete before sampled. */
const TRUST: readonly SourceName[] = ['ebpf', 'perf', 'cgroup', 'proc'];
/** Whose memory is resident memory of processes, and not what a control group is charged, page cache included. */
const TELLS_MEMORY: SourceName = 'proc';

/** A process tree followed by every source that can, side by side. */
export class FollowedCommand implements CpuScope {
  readonly #methods: readonly Follower[];
  /** Followed for its memory alone, where it is not one of the methods. */
  readonly #memory: Follower | undefined;

  constructor(host: Host, meter: Pick<Meter, 'usageSources' | 'infrastructure'>, pid: number) {
    const follow = (sources: readonly UsageSource[]): Follower[] =>
      TRUST.flatMap((name) => sources.find((source) => source.name === name) ?? []).flatMap((source) => {
        try {
          const tree = source.follow?.(pid);
          return tree ? { source: source.name, tree } : [];
        } catch (error) {
          host.log.warn(`${source.name}: cannot follow the command`, { pid, error: messageOf(error) });
          return [];
        }
      });
    const wanted = follow(meter.usageSources);
    // Whoever asks for sources of energy alone still wants the command's share of it.
    this.#methods = wanted.length > 0 ? wanted : follow(meter.infrastructure).slice(0, 1);
    const told = this.#methods.find(({ source }) => source === TELLS_MEMORY);
    this.#memory = told ?? follow(meter.infrastructure.filter(({ name }) => name === TELLS_MEMORY))[0];
  }

  /** The source whose CPU time counts. */
  get trusted(): SourceName | undefined {
    return this.#methods[0]?.source;
  }

  cpuSeconds(): number {
    return this.#methods[0]?.tree.read().cpuSeconds ?? 0;
  }

  /** Reads every source, so that those which only see what lives see it. */
  refresh(): void {
    for (const { tree } of this.#all) tree.read();
  }

  usages(): MethodUsage[] {
    return this.#methods.map(({ source, tree }) => ({ source, usage: tree.read() }));
  }

  /** The most resident memory that the tree had at a moment at which it was read. */
  memoryPeakMib(): number | undefined {
    return this.#memory?.tree.read().memoryPeakMib;
  }

  /** Members of the tree that live now, as told by whichever sources see them. */
  living(): ProcessIdentity[] {
    const members = new Map<number, ProcessIdentity>();
    for (const { tree } of this.#all) for (const member of tree.living()) members.set(member.pid, member);
    return [...members.values()].sort((a, b) => a.pid - b.pid);
  }

  close(): void {
    for (const { tree } of this.#all) tree.close();
  }

  get #all(): readonly Follower[] {
    const { source } = this.#memory ?? {};
    const isMethod = this.#methods.some((method) => method.source === source);
    return this.#memory && !isMethod ? [...this.#methods, this.#memory] : this.#methods;
  }
}
