import type { WorkerRule } from '../../../model/index.js';
import { controlPlane, worker } from './rule.js';

/**
 * Apache OpenWhisk. Its invokers name containers wsk, the invoker, a number, the user's namespace and the action, with
 * underscores between them, and pods alike with dashes. A container that was started ahead of its action keeps the name of its
 * runtime: which action it was given later, the name does not tell.
 */
export const OPENWHISK: readonly WorkerRule[] = [
  controlPlane('health test', { container: '^wsk.*?\\d_\\d+_whisksystem_invokerHealthTestAction' }),
  controlPlane('health test pod', { pod: '^wsk.*?\\d-\\d+-whisksystem-invokerhealthtestaction' }),
  worker('prewarmed container', { container: '^wsk.*?\\d_\\d+_prewarm_(?<kind>.+)$' }, 'prewarm/${kind}'),
  worker('prewarmed pod', { pod: '^wsk.*?\\d-\\d+-prewarm-(?<kind>.+)$' }, 'prewarm/${kind}'),
  worker(
    'action container',
    { container: '^wsk.*?\\d_\\d+_(?<owner>[^_]+)_(?<action>.+)$' },
    '${owner}/${action}',
  ),
  worker('action pod', { pod: '^wsk.*?\\d-\\d+-(?<owner>[^-]+)-(?<action>.+)$' }, '${owner}/${action}'),
  controlPlane('container of the platform', { image: '(^|/)openwhisk/(?!action-)' }),
  controlPlane('pod of the platform', { namespace: '^openwhisk$' }),
];
