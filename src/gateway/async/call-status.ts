import type { AsyncCallStatus, AsyncState } from './call.js';
import type { KeptCall } from './store/kept.js';

const WAITS_FOR_FUNCTION = 0;
const WAITS_FOR_CALLBACK = 1;

function stateOf(call: KeptCall, isRunning: boolean): AsyncState {
  if (call.phase === WAITS_FOR_FUNCTION) return isRunning ? 'running' : 'waiting';
  if (call.phase === WAITS_FOR_CALLBACK) return 'calling_back';
  if (call.isUndelivered) return 'undelivered';
  return call.isGivenUp ? 'failed' : 'done';
}

/** What is known of a call, as others see it. */
export function callStatus(call: KeptCall, isRunning: boolean): AsyncCallStatus {
  const { id, acceptedAt, attempts, failures, callbackAttempts, status, durationSeconds, message, endedAt } =
    call;
  return {
    id,
    function: call.function,
    state: stateOf(call, isRunning),
    acceptedAt,
    attempts,
    failures,
    ...(status !== undefined && { httpStatus: status }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    callbackAttempts,
    ...(message !== undefined && { message }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
