import type { WorkerRule } from '../../../model/index.js';
import { controlPlane, worker } from './rule.js';

const SERVICE = 'serving.knative.dev/service';
/** A revision's deployment, its replica set and its pod: all that is known without the pod's labels. */
const POD = '^(?<service>.+)-\\d{5}-deployment-[0-9a-z]+-[0-9a-z]{5}$';

/**
 * Knative Serving, whose pods have labels: https://knative.dev/docs/serving/revisions/. The queue proxy beside every user's
 * container is the platform's.
 */
export const KNATIVE: readonly WorkerRule[] = [
  controlPlane('queue proxy', { container: '^queue-proxy$', labels: { [SERVICE]: '.' } }),
  controlPlane('queue proxy, by name', { container: '^queue-proxy$', pod: POD }),
  worker('pod label', { labels: { [SERVICE]: '(?<service>.+)' }, namespace: '.' }, '${namespace}/${service}'),
  worker('pod', { pod: POD, namespace: '.' }, '${namespace}/${service}'),
  controlPlane('pod of the platform', {
    namespace:
      '^(knative-serving|knative-eventing|kourier-system|istio-system|contour-external|contour-internal)$',
  }),
];
