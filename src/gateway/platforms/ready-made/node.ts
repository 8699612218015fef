import type { WorkerRule } from '../../../model/index.js';
import { controlPlane } from './rule.js';

/** What engines and Kubernetes themselves do on a node: for all functions alike. */
export const NODE: readonly WorkerRule[] = [
  controlPlane('engine', {
    cgroup:
      '^/system\\.slice/(docker|containerd|crio|cri-docker|kubelet|k3s|k3s-agent|podman)\\.(service|socket)',
  }),
  controlPlane('pod of Kubernetes', { namespace: '^kube-system$' }),
];
