import { resolve } from 'node:path';
import { ErrorCode, type Host, WattloopError } from '../../../base/index.js';
import { findCommand } from '../../../meter/index.js';
import type { FunctionSpec } from '../../../model/index.js';

/** Refuses a function whose program isn't there: every call of it would fail. */
export function checkCommand(spec: FunctionSpec, host: Host): void {
  if (spec.command === undefined) return;
  const [program = ''] = spec.command;
  const path = program.includes('/') ? resolve(spec.folder ?? '.', program) : program;
  try {
    findCommand(path, { ...host.env, ...spec.environment });
  } catch (error) {
    if (!(error instanceof WattloopError)) throw error;
    throw new WattloopError(ErrorCode.badInput, `function "${spec.name}": ${error.message}`, {
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      cause: error,
    });
  }
}
