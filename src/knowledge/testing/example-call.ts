import type { AccountedCall } from '../../model/index.js';

/** When the first example call ended: seconds since 1970. */
export const CALLS_BEGIN = 1_775_001_600;

const MICROS = 1e6;

/** A call like those that a gateway makes: the higher its number, the later. */
export function exampleCall(number: number, changes: Partial<AccountedCall> = {}): AccountedCall {
  const micros = CALLS_BEGIN * MICROS + number * 1_000;
  const endedAt = micros / MICROS;
  return {
    id: `0b0c1d52-7f5e-4a6e-9d0b-${String(number).padStart(12, '0')}`,
    function: `function-${number % 12}`,
    version: `v${number % 12}`,
    replica: `function-${number % 12}-${number % 4}`,
    attempt: 1,
    isAsync: false,
    arrivedAt: (micros - 31_500) / MICROS,
    startedAt: (micros - 31_000) / MICROS,
    endedAt,
    cold: false,
    status: 'done',
    httpStatus: 200,
    cpuSeconds: 0.0123,
    requestBytes: 512,
    responseBytes: 2_048,
    energy: { joules: 0.41, idleJoules: 0.1, source: 'rapl', provenance: 'measured' },
    ...changes,
  };
}
