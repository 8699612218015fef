import type { WorkerRule } from '../../../model/index.js';
import { controlPlane, worker } from './rule.js';

/**
 * OpenFaaS on Kubernetes (faas-netes), on a single host (faasd) and on Docker Swarm. Functions are called as its own metrics
 * call them, less `.openfaas-fn`: https://docs.openfaas.com/architecture/metrics/
 */
export const OPENFAAS: readonly WorkerRule[] = [
  // Functions of other namespaces have the namespace in their name: https://docs.openfaas.com/reference/namespaces/
  worker(
    'pod label',
    { namespace: '^openfaas-fn$', labels: { faas_function: '(?<function>.+)' } },
    '${function}',
  ),
  worker(
    'pod label, own namespace',
    { namespace: '.', labels: { faas_function: '(?<function>.+)' } },
    '${function}.${namespace}',
  ),
  worker('container label', { labels: { 'com.openfaas.function': '(?<function>.+)' } }, '${function}'),
  worker(
    'swarm service',
    { labels: { function: '^true$', 'com.docker.swarm.service.name': '(?<function>.+)' } },
    '${function}',
  ),
  // The container of a function's pod has the function's name.
  worker('pod', { namespace: '^openfaas-fn$', container: '(?<function>.+)' }, '${function}'),
  // containerd puts the containers of a namespace into a group of its name; faasd's functions are in openfaas-fn.
  worker('faasd container', { cgroup: '^/openfaas-fn/(?<function>[^/]+)' }, '${function}'),
  controlPlane('pod of the platform', { namespace: '^openfaas$' }),
  controlPlane('faasd service', { cgroup: '^/system\\.slice/faasd(-provider)?\\.service' }),
  controlPlane('faasd part', { cgroup: '^/openfaas/[^/]+' }),
  controlPlane('faasd part, older', {
    cgroup: '^/default/(gateway|queue-worker|nats|prometheus|basic-auth-plugin)(/|$)',
  }),
  controlPlane('swarm stack', { labels: { 'com.docker.swarm.service.name': '^func_' } }),
];
