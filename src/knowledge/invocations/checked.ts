import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Invocation } from '../../model/index.js';

// SQLite ends a text at its first NUL, and knows no halves of characters.
const UNFIT = /[\0\ud800-\udfff]/u;

const FIGURES = [
  'partition',
  'attempt',
  'submittedAt',
  'startedAt',
  'endedAt',
  'wallSeconds',
  'cpuSeconds',
] as const satisfies readonly (keyof Invocation)[];

const TEXTS = ['id', 'function', 'worker', 'log'] as const satisfies readonly (keyof Invocation)[];

const refused = (invocation: Invocation, what: string): WattloopError =>
  new WattloopError(
    ErrorCode.badInput,
    `the invocation ${JSON.stringify(invocation.id)} can't be recorded: ${what}`,
  );

/** Refuses what could not be read back as it was. */
export function checkInvocation(invocation: Invocation): void {
  for (const name of FIGURES)
    if (!Number.isFinite(invocation[name])) throw refused(invocation, `${name} is ${invocation[name]}`);
  for (const name of TEXTS)
    if (UNFIT.test(invocation[name] ?? '')) throw refused(invocation, `${name} holds unfit characters`);
}
