import { type Host, WattloopError } from '../../base/index.js';
import { CpuStates } from '../../meter/index.js';
import { cpuStateFamilies } from '../metrics/cpu-state-families.js';
import type { MetricFamily } from '../metrics/sample.js';

/** Processor states as metrics, for as long as they are watched. */
export interface Processors {
  families(): MetricFamily[];
  close(): void;
}

/** Watches processor states. Where the kernel does not let it, that is said, and the agent goes on without them. */
export function watchProcessors(host: Host): Processors | undefined {
  try {
    const states = CpuStates.open(host);
    const since = host.clock.wall();
    return { families: () => cpuStateFamilies(states.read(), since), close: () => states.close() };
  } catch (error) {
    if (!(error instanceof WattloopError)) throw error;
    host.log.warn(`no processor states: ${error.line}`);
    return undefined;
  }
}
