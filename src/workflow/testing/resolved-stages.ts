import type { Flow } from '../define/flow.js';
import type { Parameters } from '../define/json.js';
import { type ResolvedStage, type ResolveOptions, resolveWorkflow } from '../define/resolve.js';
import * as strategies from '../define/strategy.js';
import { workflow } from '../define/workflow.js';

const USUAL: ResolveOptions = {
  resources: ({ cpu = 1, memoryMib = 128 }) => ({ cpu, memoryMib }),
  refuses: ({ cpu }) => (cpu > 4 ? 'this machine has 4 processors' : undefined),
  usualWorkers: 2,
  retries: 2,
  timeoutSeconds: undefined,
};

/** A workflow's stages, settled as on a machine with four processors. */
export function resolvedStages(
  write: (flow: Flow<Parameters>, by: typeof strategies) => void,
  options: Partial<ResolveOptions> = {},
): ResolvedStage[] {
  const { build } = workflow('test', {}, (flow) => {
    write(flow as Flow<Parameters>, strategies);
    return undefined;
  });
  return resolveWorkflow(build(), { ...USUAL, ...options });
}
