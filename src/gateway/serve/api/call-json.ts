import type { AccountedCall } from '../../../model/index.js';
import type { AsyncCallStatus } from '../../async/call.js';

/** A call as the API tells it; what isn't known is null. */
export function callJson(call: AccountedCall): unknown {
  const { energy } = call;
  return {
    call_id: call.id,
    function: call.function,
    implementation: call.version,
    replica: call.replica,
    attempt: call.attempt,
    async: call.isAsync,
    status: call.status,
    http_status: call.httpStatus ?? null,
    arrived_at: call.arrivedAt,
    started_at: call.startedAt,
    ended_at: call.endedAt,
    queue_seconds: call.startedAt - call.arrivedAt,
    seconds: call.endedAt - call.startedAt,
    cold: call.cold,
    cold_start_seconds: call.coldSeconds ?? null,
    cpu_seconds: call.cpuSeconds ?? null,
    request_bytes: call.requestBytes,
    response_bytes: call.responseBytes,
    trace_id: call.traceId ?? null,
    energy_joules: energy?.joules ?? null,
    idle_joules: energy?.idleJoules ?? null,
    source: energy?.source ?? null,
    provenance: energy?.provenance ?? null,
  };
}

/** An asynchronous call as the API tells it. */
export function asyncCallJson(call: AsyncCallStatus): unknown {
  return {
    call_id: call.id,
    function: call.function,
    state: call.state,
    accepted_at: call.acceptedAt,
    ended_at: call.endedAt ?? null,
    attempts: call.attempts,
    failures: call.failures,
    http_status: call.httpStatus ?? null,
    seconds: call.durationSeconds ?? null,
    callback_attempts: call.callbackAttempts,
    message: call.message ?? null,
  };
}
