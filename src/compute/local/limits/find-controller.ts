import { join } from 'node:path';
import { type Host, readTextIfAny } from '../../../base/index.js';
import { findHierarchies, type Hierarchy } from '../../../meter/index.js';

export type ControllerName = 'cpu' | 'memory' | 'cpuacct';

/** The hierarchy that has a controller: a version 1 one where it is mounted there, else version 2. */
export function findController(host: Host, name: ControllerName): Hierarchy | undefined {
  const hierarchies = findHierarchies(host);
  const legacy = hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes(name));
  if (legacy) return legacy;
  const unified = hierarchies.find(({ version }) => version === 2);
  const offered =
    unified && readTextIfAny(join(unified.folder, 'cgroup.controllers'))?.split(' ').includes(name);
  return offered ? unified : undefined;
}
