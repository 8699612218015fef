import type { DeployedFunction, FunctionSpec } from '../../../model/index.js';

/** A deployed function as tests need one: changes go over what every one has. */
export function deployedExample(
  changes: Partial<Omit<FunctionSpec, 'scale' | 'queue'>> & {
    readonly scale?: Partial<FunctionSpec['scale']>;
    readonly queue?: Partial<FunctionSpec['queue']>;
    readonly version?: string;
  } = {},
): DeployedFunction {
  const { scale, queue, version = 'v1', ...spec } = changes;
  return {
    spec: {
      name: 'echo',
      kind: 'http',
      environment: {},
      secrets: [],
      labels: {},
      annotations: {},
      limits: {},
      timeoutSeconds: 30,
      priority: 0,
      ...spec,
      scale: { minReplicas: 0, maxReplicas: 4, idleSeconds: 60, concurrency: 1, ...scale },
      queue: { limit: 100, deadlineSeconds: 30, ...queue },
    },
    version,
    deployedAt: 0,
  };
}
