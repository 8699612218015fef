import type { Amounts } from './demand.js';

/** The parts of an invocation, in their order; parts of no length are left out. */
export const PHASES = ['arrived', 'control', 'cold', 'compute', 'wait', 'disk', 'gpu', 'rest'] as const;

export type Phase = (typeof PHASES)[number];

/** An invocation that is under way. Used again for another when it has ended. */
export interface Flight extends Amounts {
  function: number;
  /** Index of its part in PHASES. */
  phase: number;
  start: number;
  cold: boolean;
}

export const newFlight = (): Flight => ({
  function: 0,
  phase: 0,
  start: 0,
  cold: false,
  controlWork: 0,
  coldWork: 0,
  cpuWork: 0,
  waitSeconds: 0,
  diskMebibytes: 0,
  gpuSeconds: 0,
});

/** How much there is to do in a part: seconds, core-seconds or mebibytes. Work is done before and after what it waits for. */
export function amountOf(flight: Flight, phase: Phase): number {
  const { controlWork, coldWork, cpuWork, waitSeconds, diskMebibytes, gpuSeconds } = flight;
  const interrupted = waitSeconds + diskMebibytes + gpuSeconds > 0;
  switch (phase) {
    case 'arrived':
      return 0;
    case 'control':
      return controlWork;
    case 'cold':
      return flight.cold ? coldWork : 0;
    case 'compute':
      return interrupted ? cpuWork / 2 : cpuWork;
    case 'wait':
      return waitSeconds;
    case 'disk':
      return diskMebibytes;
    case 'gpu':
      return gpuSeconds;
    case 'rest':
      return interrupted ? cpuWork / 2 : 0;
  }
}
