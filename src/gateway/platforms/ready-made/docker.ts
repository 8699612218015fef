import type { WorkerRule } from '../../../model/index.js';

/** Plain Docker: every container is a function by its name, and its life is one call. Those of Kubernetes' pods are not meant. */
export const DOCKER: readonly WorkerRule[] = [
  {
    name: 'container',
    match: { container: '^(?!k8s_)(?<name>.+)$', cgroup: '(^|[/-])docker[/-]' },
    function: '${name}',
    calls: 'life',
  },
];
