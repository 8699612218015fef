import type { UsageSource } from '../source.js';
import type { Observer, PrincipalUsage } from './node-monitor.js';
import { chooseForGroups, OwnUsage, ownGroupUsage } from './own-usage.js';

/** Tells principals apart by the path of their control group, whatever it stands for. */
export class PathObserver implements Observer {
  readonly own: string | undefined;
  readonly #ownUsage = new OwnUsage();

  constructor(ownPath: string | undefined) {
    this.own = ownPath;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return chooseForGroups(sources);
  }

  observe(source: UsageSource): PrincipalUsage[] {
    return [...ownGroupUsage(source, this.#ownUsage)].map(([path, cpuSeconds]) => ({
      id: path,
      principal: {
        key: path,
        kind: path === '/' ? 'system' : 'cgroup',
        name: path,
        labels: { cgroup: path },
      },
      cpuSeconds,
    }));
  }
}
