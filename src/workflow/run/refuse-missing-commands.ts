import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { findCommand } from '../../meter/index.js';
import type { ResolvedStage } from '../define/resolve.js';

/**
 * Refuses stages whose program is nowhere in PATH: no retry would find it. Programs with a `/` are left alone, as an earlier
 * stage may make them.
 */
export function refuseMissingCommands(
  stages: readonly Pick<ResolvedStage, 'definition'>[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  for (const { definition } of stages) {
    const program = definition.command?.[0];
    if (program === undefined || program.includes('/')) continue;
    try {
      findCommand(program, env);
    } catch (error) {
      const remedy = error instanceof WattloopError ? error.remedy : undefined;
      throw new WattloopError(ErrorCode.badInput, `stage "${definition.name}": ${messageOf(error)}`, {
        cause: error,
        ...(remedy !== undefined && { remedy }),
      });
    }
  }
}
