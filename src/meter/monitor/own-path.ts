import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import { detectLayout, groupOfProcess } from '../cgroup/layout.js';
import type { Hierarchy } from '../cgroup/mounts.js';
import { chooseHierarchy } from '../ebpf/hierarchy.js';
import type { UsageSource } from '../source.js';

/** The hierarchy of control groups that a source tells of. */
function hierarchyOf(host: Host, settings: Settings, source: UsageSource): Hierarchy | undefined {
  if (source.name !== 'ebpf') return detectLayout(host)?.cpu;
  const chosen = chooseHierarchy(host, settings.sources.ebpf.cgroup_controller);
  if (chosen === undefined) return undefined;
  const { controller, mount: folder } = chosen;
  return controller === 'unified'
    ? { version: 2, folder, shows: '/', controllers: [] }
    : { version: 1, folder, shows: '/', controllers: [controller] };
}

/** The group in which this process runs, in the hierarchy that a source reads. */
export function ownPath(host: Host, settings: Settings): (source: UsageSource) => string | undefined {
  const pathOf = groupPaths(host, settings);
  return (source) => (host.live ? pathOf(source, 'self') : undefined);
}

/** The groups in which processes run, in the hierarchy that a source reads. */
export function groupPaths(
  host: Host,
  settings: Settings,
): (source: UsageSource, pid: number | 'self') => string | undefined {
  const hierarchies = new Map<UsageSource, Hierarchy | undefined>();
  return (source, pid) => {
    if (!hierarchies.has(source)) hierarchies.set(source, hierarchyOf(host, settings, source));
    const hierarchy = hierarchies.get(source);
    return hierarchy && groupOfProcess(host, hierarchy, pid);
  };
}
