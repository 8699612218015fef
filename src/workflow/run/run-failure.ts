import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Invocation, InvocationStatus } from '../../model/index.js';

const CAUSES: Readonly<Record<InvocationStatus, string>> = {
  done: 'done',
  failed: 'failed',
  timed_out: 'took too long',
  crashed: 'lost its process',
  out_of_memory: 'ran out of memory',
  cancelled: 'was cancelled',
};

const REMEDIES: Partial<Record<InvocationStatus, string>> = {
  timed_out: 'Give the stage a longer timeoutSeconds, or more workers',
  out_of_memory: 'Give the stage more memoryMib, or more workers that share the data',
};

/** Names that tell nothing which the message does not. */
const PLAIN: ReadonlySet<string> = new Set(['Error', 'WattloopError']);

/** Why a run failed: the stage, the partition and the cause, and where to go on. */
export function runFailure(invocation: Invocation, resume: string): WattloopError {
  const { function: stage, partition, attempt, status, error, log } = invocation;
  const cause =
    error === undefined ? '' : `: ${PLAIN.has(error.name) ? '' : `${error.name}: `}${error.message}`;
  const tries = attempt > 1 ? ` (attempt ${attempt})` : '';
  const remedies = [
    error?.remedy ?? REMEDIES[status],
    log && `What it printed is in ${log}`,
    `What finished is kept: ${resume}`,
  ];
  return new WattloopError(
    ErrorCode.runFailed,
    `stage "${stage}", partition ${partition} ${CAUSES[status]}${tries}${cause}`,
    { remedy: remedies.filter((remedy) => remedy !== undefined).join('. '), cause: error },
  );
}
