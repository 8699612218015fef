import type { Principal, SourceName } from '../../model/index.js';
import type { UsageSource } from '../source.js';
import type { Observer, PrincipalUsage } from './node-monitor.js';

const PREFERENCE: readonly SourceName[] = ['ebpf', 'proc'];

/** Tells principals apart by process. */
export class ProcessObserver implements Observer {
  readonly own = undefined;
  readonly #ownPid: number;

  constructor(ownPid: number) {
    this.#ownPid = ownPid;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return PREFERENCE.map((name) => sources.find((source) => source.name === name && source.processes)).find(
      (source) => source !== undefined,
    );
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const usages: PrincipalUsage[] = [];
    for (const { process, usage } of source.processes?.() ?? []) {
      // This process is accounted for by itself, more exactly.
      if (process.pid === this.#ownPid) continue;
      const id = `${process.pid}:${process.startTicks}`;
      const principal: Principal = {
        key: id,
        kind: 'process',
        name: process.name,
        labels: { pid: String(process.pid) },
      };
      usages.push({ id, principal, cpuSeconds: usage.cpuSeconds });
    }
    return usages;
  }
}
