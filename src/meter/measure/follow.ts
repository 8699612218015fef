import type { Host } from '../../base/index.js';
import { messageOf } from '../../base/index.js';
import type { ProcessIdentity, SourceName, Usage } from '../../model/index.js';
import type { FollowedTree, UsageSource } from '../source.js';
import type { CpuScope } from '../span.js';

/** What one usage source says of the command's process tree. */
export interface MethodUsage {
  readonly source: SourceName;
  readonly usage: Usage;
}

/** Which source's CPU time the energy is shared by, best first: exact and complete before sampled. */
const TRUST: readonly SourceName[] = ['ebpf', 'perf', 'cgroup', 'proc'];

/** A process tree followed by every source that can, side by side. */
export class FollowedCommand implements CpuScope {
  readonly #trees: { readonly source: SourceName; readonly tree: FollowedTree }[] = [];

  constructor(host: Host, sources: readonly UsageSource[], pid: number) {
    const ranked = sources
      .filter((source) => TRUST.includes(source.name))
      .sort((a, b) => TRUST.indexOf(a.name) - TRUST.indexOf(b.name));
    for (const source of ranked) {
      try {
        const tree = source.follow?.(pid);
        if (tree) this.#trees.push({ source: source.name, tree });
      } catch (error) {
        host.log.warn(`${source.name}: cannot follow the command`, { pid, error: messageOf(error) });
      }
    }
  }

  /** The source whose CPU time counts. */
  get trusted(): SourceName | undefined {
    return this.#trees[0]?.source;
  }

  cpuSeconds(): number {
    return this.#trees[0]?.tree.read().cpuSeconds ?? 0;
  }

  usages(): MethodUsage[] {
    return this.#trees.map(({ source, tree }) => ({ source, usage: tree.read() }));
  }

  /** Members of the tree that live now, as told by whichever sources see them. */
  living(): ProcessIdentity[] {
    const members = new Map<number, ProcessIdentity>();
    for (const { tree } of this.#trees) for (const member of tree.living()) members.set(member.pid, member);
    return [...members.values()].sort((a, b) => a.pid - b.pid);
  }

  close(): void {
    for (const { tree } of this.#trees) tree.close();
  }
}
