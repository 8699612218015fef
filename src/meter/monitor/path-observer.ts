import type { Principal } from '../../model/index.js';
import type { UsageSource } from '../source.js';
import type { Observer, PrincipalUsage } from './observer.js';
import { chooseForGroups, OwnUsage, ownGroupUsage } from './own-usage.js';
import { shortText } from './short-text.js';

/** Tells principals apart by the path of their control group, whatever it stands for. */
export class PathObserver implements Observer {
  readonly #ownPath: (source: UsageSource) => string | undefined;
  readonly #ownUsage = new OwnUsage();

  /** `ownPath` is the group in which this process runs, in the hierarchy that a source reads. */
  constructor(ownPath: (source: UsageSource) => string | undefined) {
    this.#ownPath = ownPath;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return chooseForGroups(sources);
  }

  own(source: UsageSource): string | undefined {
    return this.#ownPath(source);
  }

  observe(source: UsageSource): PrincipalUsage[] {
    return [...ownGroupUsage(source, this.#ownUsage)].map(([path, cpuSeconds]) => ({
      id: path,
      principal: principalOf(path),
      cpuSeconds,
    }));
  }
}

function principalOf(path: string): Principal {
  const name = shortText(path);
  return { key: name, kind: path === '/' ? 'system' : 'cgroup', name, labels: { cgroup: name } };
}
