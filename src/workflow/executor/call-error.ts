import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Invocation, InvocationError, InvocationStatus } from '../../model/index.js';

const WHAT: Readonly<Record<InvocationStatus, string>> = {
  done: 'is done',
  failed: 'failed',
  timed_out: 'took too long',
  crashed: 'lost its process',
  out_of_memory: 'ran out of memory',
  cancelled: 'was cancelled',
};

/** What was thrown in another process, with the stack that it had there. */
function thrownThere({ name, message, stack }: InvocationError): Error {
  const error = new Error(message);
  error.name = name;
  error.stack = stack ?? `${name}: ${message}`;
  return error;
}

/** The code that an error has in the worker, where it is one of ours. */
const codeOf = (code: string | undefined): ErrorCode =>
  Object.values(ErrorCode).find((known) => known === code) ?? ErrorCode.runFailed;

/** Why a call has no result: which function and item, what happened, and what it threw as the cause. */
export function callError(where: string, { status, error, attempt, log }: Invocation): WattloopError {
  if (status === 'cancelled') return cancelledError(where);
  const tries = attempt > 1 ? ` (attempt ${attempt})` : '';
  const thrown =
    error && `${/^(Error|WattloopError)$/.test(error.name) ? '' : `${error.name}: `}${error.message}`;
  const remedies = [error?.remedy, log && `What it printed is in ${log}`].filter((one) => one !== undefined);
  return new WattloopError(
    codeOf(error?.code),
    `${where} ${WHAT[status]}${tries}${thrown ? `: ${thrown}` : ''}`,
    {
      ...(remedies.length > 0 && { remedy: remedies.join('. ') }),
      ...(error && { cause: thrownThere(error) }),
    },
  );
}

export const cancelledError = (where: string): WattloopError =>
  new WattloopError(ErrorCode.cancelled, `${where} was cancelled`);
