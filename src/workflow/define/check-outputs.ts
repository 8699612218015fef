import { ErrorCode, WattloopError } from '../../base/index.js';
import type { StageDefinition } from './stage.js';

/** Refuses keys that lead nowhere, and stages of which one would write over what another wrote. */
export function checkOutputs(stages: readonly StageDefinition[]): void {
  const writers = new Map<string, string>();
  for (const { name, output } of stages) {
    if (output === undefined) continue;
    const parts = output.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new WattloopError(
        ErrorCode.badInput,
        `stage "${name}": "${output}" can't be the key of an output`,
        {
          remedy: 'Use a path such as models/forest, without a leading "/", "." or ".."',
        },
      );
    }
    for (const [other, writer] of writers) {
      if (other !== output && !other.startsWith(`${output}/`) && !output.startsWith(`${other}/`)) continue;
      throw new WattloopError(
        ErrorCode.badInput,
        `stages "${writer}" and "${name}" would both write to "${other.length < output.length ? other : output}"`,
        { remedy: 'Give each an output of its own' },
      );
    }
    writers.set(output, name);
  }
}
