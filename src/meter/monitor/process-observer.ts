import type { SourceName } from '../../model/index.js';
import type { UsageSource } from '../source.js';
import type { Observer, PrincipalUsage } from './observer.js';
import { shortText } from './short-text.js';

const PREFERENCE: readonly SourceName[] = ['ebpf', 'proc'];

/** Tells principals apart by process. What children used that ended before anyone saw them counts for who started them. */
export class ProcessObserver implements Observer {
  readonly #ownPid: number;

  constructor(ownPid: number) {
    this.#ownPid = ownPid;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return PREFERENCE.map((name) => sources.find((source) => source.name === name && source.processes)).find(
      (source) => source !== undefined,
    );
  }

  /** None: this process is left out of what is observed. */
  own(): undefined {
    return undefined;
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const usages: PrincipalUsage[] = [];
    for (const { process, usage, unseenChildrenCpuSeconds = 0 } of source.processes?.() ?? []) {
      // It accounts for itself, more exactly.
      if (process.pid === this.#ownPid) continue;
      const id = `${process.pid}:${process.startTicks}`;
      const name = shortText(process.name);
      usages.push({
        id,
        principal: { key: id, kind: 'process', name, labels: { pid: String(process.pid) } },
        cpuSeconds: usage.cpuSeconds + unseenChildrenCpuSeconds,
      });
    }
    return usages;
  }
}
