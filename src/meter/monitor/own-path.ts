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
  return (source) => {
    const hierarchy = host.live ? hierarchyOf(host, settings, source) : undefined;
    return hierarchy && groupOfProcess(host, hierarchy, 'self');
  };
}
