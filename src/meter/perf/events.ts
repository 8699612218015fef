import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import {
  HardwareEvent,
  LAST_LEVEL_READ_MISSES,
  type PerfEvent,
  PerfType,
  SoftwareEvent,
} from '../native/perf-attributes.js';
import { parseCpuList } from './cpu-list.js';

/** What is counted, whatever the event is that counts it on this processor. */
export type Metric = 'cpuNanoseconds' | 'contextSwitches' | 'cycles' | 'instructions' | 'llcMisses';

export interface MetricEvent extends PerfEvent {
  readonly metric: Metric;
  /** Processors that have the event, where not all do (performance and efficiency cores). */
  readonly cpus?: readonly number[];
}

const software = (metric: Metric, config: bigint): MetricEvent => ({
  metric,
  type: PerfType.software,
  config,
});

/** CPU time of a thread. */
export const TASK_CLOCK = software('cpuNanoseconds', SoftwareEvent.taskClock);
/** Time of a processor; of a control group on it, when that is what is counted. */
export const CPU_CLOCK = software('cpuNanoseconds', SoftwareEvent.cpuClock);
export const CONTEXT_SWITCHES = software('contextSwitches', SoftwareEvent.contextSwitches);

/**
 * Which event counts misses of the last-level cache. Intel's generic cache miss is defined as one; AMD's is a miss of the
 * second level and ARM's of the first, so that there the cache event is asked for, which is absent where it can't be told.
 */
function lastLevelMisses(host: Host): PerfEvent {
  const intel = /^vendor_id\s*:\s*GenuineIntel/m.test(readTextIfAny(host.proc('cpuinfo')) ?? '');
  return intel
    ? { type: PerfType.hardware, config: HardwareEvent.cacheMisses }
    : { type: PerfType.cache, config: LAST_LEVEL_READ_MISSES };
}

interface CorePmu {
  readonly type: number;
  readonly cpus: readonly number[];
}

/** The PMUs of a machine that has cores of several kinds: only those say which processors they are for. */
function corePmus(host: Host): CorePmu[] {
  const folder = host.sys('bus/event_source/devices');
  return listIfAny(folder).flatMap((name) => {
    const cpus = parseCpuList(readTextIfAny(join(folder, name, 'cpus')) ?? '');
    const type = readTextIfAny(join(folder, name, 'type'))?.trim() ?? '';
    return cpus && cpus.length > 0 && /^\d+$/.test(type) ? [{ type: Number(type), cpus }] : [];
  });
}

/** The hardware events to try, one list for each kind of core. */
export function hardwareEvents(host: Host): MetricEvent[][] {
  const generic: MetricEvent[] = [
    { metric: 'cycles', type: PerfType.hardware, config: HardwareEvent.cycles },
    { metric: 'instructions', type: PerfType.hardware, config: HardwareEvent.instructions },
    { metric: 'llcMisses', ...lastLevelMisses(host) },
  ];
  const pmus = corePmus(host);
  if (pmus.length < 2) return [generic];
  // A generic event means one kind of core only, unless the upper half of config names the PMU.
  return pmus.map(({ type, cpus }) =>
    generic.map((event) => ({ ...event, config: event.config | (BigInt(type) << 32n), cpus })),
  );
}
