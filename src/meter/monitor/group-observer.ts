import type { Principal } from '../../model/index.js';
import { type GroupIdentity, recognise } from '../cgroup/container.js';
import type { UsageSource } from '../source.js';
import type { GroupNames, Names } from './container-names.js';
import type { Observer, PrincipalUsage } from './observer.js';
import { chooseForGroups, OwnUsage, ownGroupUsage } from './own-usage.js';
import { shortText } from './short-text.js';

interface Seen {
  readonly identity: GroupIdentity;
  names: GroupNames;
  principal: Principal;
}

/** The ids that engines make never come again; other names of containers are only theirs. */
const UNIQUE_ID = /^[0-9a-f]{64}$/;

/** Tells principals apart by container, pod, service or other control group. */
export class GroupObserver implements Observer {
  readonly #names: Names;
  readonly #ownPath: (source: UsageSource) => string | undefined;
  readonly #ownUsage = new OwnUsage();
  readonly #seen = new Map<string, Seen>();

  /** `ownPath` is the group in which this process runs, in the hierarchy that a source reads. */
  constructor(names: Names, ownPath: (source: UsageSource) => string | undefined) {
    this.#names = names;
    this.#ownPath = ownPath;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return chooseForGroups(sources);
  }

  own(source: UsageSource): string | undefined {
    return this.#ownPath(source);
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const figures = ownGroupUsage(source, this.#ownUsage);
    for (const path of this.#seen.keys()) if (!figures.has(path)) this.#seen.delete(path);
    const usages: PrincipalUsage[] = [];
    for (const [path, cpuSeconds] of figures) {
      usages.push({ id: path, principal: this.#principal(path), cpuSeconds });
    }
    return usages;
  }

  #principal(path: string): Principal {
    const seen = this.#seen.get(path);
    const identity = seen?.identity ?? recognise(path);
    const names = this.#names.of(identity);
    if (seen && isSame(seen.names, names)) return seen.principal;
    const principal = principalOf(path, identity, names);
    this.#seen.set(path, { identity, names, principal });
    return principal;
  }
}

const isSame = (a: GroupNames, b: GroupNames): boolean =>
  a.name === b.name &&
  a.image === b.image &&
  a.container === b.container &&
  a.pod === b.pod &&
  a.labels === b.labels;

function principalOf(path: string, identity: GroupIdentity, names: GroupNames): Principal {
  const { kind, name, containerId, runtime, podUid, qos } = identity;
  if (path === '/' || path === '') {
    return { key: '/', kind: 'system', name: 'system', labels: { cgroup: '/' } };
  }
  const about = { pod: names.pod, namespace: names.namespace, pod_uid: podUid, qos, cgroup: path };
  if (containerId !== undefined) {
    const key = UNIQUE_ID.test(containerId) ? containerId : `${runtime}:${containerId}`;
    const labels = bounded({ ...about, container: names.container, runtime, image: names.image });
    return { key: shortText(key), kind: 'container', name: shortText(names.name ?? name), labels };
  }
  if (podUid !== undefined) {
    return { key: `pod:${podUid}`, kind: 'pod', name: shortText(names.name ?? name), labels: bounded(about) };
  }
  return {
    key: shortText(path),
    kind: kind === 'service' ? 'service' : 'cgroup',
    name: shortText(name),
    labels: bounded({ cgroup: path }),
  };
}

/** Labels that say something, none of them too long. */
function bounded(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(labels).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries(entries.map(([key, text]) => [key, shortText(text)]));
}
