import { inspect } from 'node:util';
import type { WattloopError } from '../../base/index.js';
import type { InvocationError } from '../../model/index.js';

const INTERNAL =
  /\(?(node:|file:.*\/(compute\/(worker|function-host)|workflow\/(executor|worker))\/|internal\/)/;

/** The lines of a stack that speak of the user's code. */
function userFrames(stack: string): string {
  const lines = stack.split('\n');
  const kept = lines.filter((line) => !/^\s+at /.test(line) || !INTERNAL.test(line));
  return kept.join('\n');
}

function messageOfError(error: Error): string {
  const own = String(error.message);
  const { cause } = error;
  // Ours say what they must of their cause.
  return cause instanceof Error && error.name !== 'WattloopError'
    ? `${own} (cause: ${String(cause.message)})`
    : own;
}

/** A WattloopError may be of another copy of this package, so it is known by what it has. */
function wattloopFields(error: Error): Pick<InvocationError, 'code' | 'remedy'> {
  if (error.name !== 'WattloopError') return {};
  const { code, remedy } = error as Partial<WattloopError>;
  return { ...(typeof code === 'string' && { code }), ...(typeof remedy === 'string' && { remedy }) };
}

/** Whatever was thrown, as plain data. Never throws itself: what user code throws may be anything. */
export function describeError(thrown: unknown): InvocationError {
  try {
    if (!(thrown instanceof Error)) {
      return { name: 'Error', message: typeof thrown === 'string' ? thrown : `threw ${inspect(thrown)}` };
    }
    const { stack } = thrown;
    return {
      name: String(thrown.name),
      message: messageOfError(thrown),
      ...wattloopFields(thrown),
      ...(typeof stack === 'string' ? { stack: userFrames(stack) } : {}),
    };
  } catch (error) {
    return { name: 'Error', message: `threw something that can't be described: ${String(error)}` };
  }
}
