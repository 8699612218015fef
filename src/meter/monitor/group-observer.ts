import type { Principal } from '../../model/index.js';
import { type GroupIdentity, recognise } from '../cgroup/container.js';
import type { ContainerDescription } from '../cgroup/docker-names.js';
import type { UsageSource } from '../source.js';
import type { Observer, PrincipalUsage } from './node-monitor.js';
import { chooseForGroups, OwnUsage, ownGroupUsage } from './own-usage.js';

/** Kubernetes' names, as the container runtime's labels give them. */
const POD_NAME = 'io.kubernetes.pod.name';
const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
const CONTAINER_NAME = 'io.kubernetes.container.name';

/** What an engine calls a container: known at once or later, never waited for. */
export interface ContainerNames {
  known(containerId: string): ContainerDescription | undefined;
}

/** Tells principals apart by container, pod, service or other control group. */
export class GroupObserver implements Observer {
  readonly own: string | undefined;
  readonly #names: ContainerNames;
  readonly #ownUsage = new OwnUsage();
  readonly #identities = new Map<string, GroupIdentity>();

  /** `ownPath` is the group in which this process runs, in the hierarchy that is read. */
  constructor(names: ContainerNames, ownPath: string | undefined) {
    this.#names = names;
    this.own = ownPath === undefined ? undefined : this.#principal(ownPath).key;
  }

  choose(sources: readonly UsageSource[]): UsageSource | undefined {
    return chooseForGroups(sources);
  }

  observe(source: UsageSource): PrincipalUsage[] {
    const figures = ownGroupUsage(source, this.#ownUsage);
    for (const path of this.#identities.keys()) if (!figures.has(path)) this.#identities.delete(path);
    return [...figures].map(([path, cpuSeconds]) => ({
      id: path,
      principal: this.#principal(path),
      cpuSeconds,
    }));
  }

  #principal(path: string): Principal {
    if (path === '/' || path === '')
      return { key: '/', kind: 'system', name: 'system', labels: { cgroup: '/' } };
    let identity = this.#identities.get(path);
    if (identity === undefined) {
      identity = recognise(path);
      this.#identities.set(path, identity);
    }
    const { kind, name, containerId, runtime, podUid, qos } = identity;
    if (containerId !== undefined) {
      const described = this.#names.known(containerId);
      const {
        [POD_NAME]: pod,
        [POD_NAMESPACE]: namespace,
        [CONTAINER_NAME]: container = described?.name,
      } = described?.labels ?? {};
      const labels = compact({
        container,
        runtime,
        image: described?.image,
        pod,
        namespace,
        pod_uid: podUid,
        qos,
        cgroup: path,
      });
      return { key: containerId, kind: 'container', name: described?.name ?? name, labels };
    }
    if (podUid !== undefined)
      return {
        key: `pod:${podUid}`,
        kind: 'pod',
        name,
        labels: compact({ pod_uid: podUid, qos, cgroup: path }),
      };
    return { key: path, kind: kind === 'service' ? 'service' : 'cgroup', name, labels: { cgroup: path } };
  }
}

function compact(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}
