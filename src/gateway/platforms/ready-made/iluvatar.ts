import type { WorkerRule } from '../../../model/index.js';
import { controlPlane, worker } from './rule.js';

/** A container has its function's name and version, and a GUID. */
const CONTAINER = '(?<fqdn>.+)-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';

/** Ilúvatar, by Docker or containerd: functions are called by name and version, as it calls them itself. */
export const ILUVATAR: readonly WorkerRule[] = [
  worker(
    'docker container',
    { container: `^${CONTAINER}$`, labels: { owner: '^iluvatar_worker$' } },
    '${fqdn}',
  ),
  worker('containerd container', { cgroup: `/il[uú]vatar[^/]*/cgroups/${CONTAINER}(/|$)` }, '${fqdn}'),
  controlPlane('worker or controller', { process: '^il[uú]vatar' }),
];
