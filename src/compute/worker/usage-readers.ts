import type { Host } from '../../base/index.js';
import {
  BlockDevices,
  type CpuScope,
  childrenCpuSeconds,
  detectLayout,
  GroupMeter,
  type GroupPlaces,
  type Meter,
} from '../../meter/index.js';
import { type MethodUsage, MICRO, type Usage } from '../../model/index.js';

/** Cumulative figures of this process by one method. */
export interface UsageReader {
  readonly method: MethodUsage['method'];
  read(): Usage;
}

/** CPU seconds of children that were waited for; 0 for ever where no native call can be made. */
export function childrenClock(): () => number {
  try {
    childrenCpuSeconds();
    return childrenCpuSeconds;
  } catch {
    return () => 0;
  }
}

/** This process with all its threads, and the commands that it ran and that have ended. */
export function workerScope(): CpuScope {
  const children = childrenClock();
  return {
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) * MICRO + children();
    },
  };
}

/** The kernel's own books of the process, by getrusage. */
export function rusageReader(scope: CpuScope): UsageReader {
  return {
    method: 'rusage',
    read: () => {
      const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
      return {
        cpuSeconds: scope.cpuSeconds(),
        contextSwitches: voluntaryContextSwitches + involuntaryContextSwitches,
      };
    },
  };
}

/** The worker's own control group: commands that still run are counted too. */
export function groupReader(host: Host, places: GroupPlaces | undefined): UsageReader | undefined {
  const layout = places && detectLayout(host);
  if (places === undefined || layout === undefined) return undefined;
  const meter = new GroupMeter(layout, { ...places, memory: undefined }, new BlockDevices(host), true);
  return meter.isAccounted ? { method: 'cgroup', read: () => meter.read() } : undefined;
}

/** What the meter's usage sources tell of this process and what it starts. */
export function sourceReaders(meter: Meter): UsageReader[] {
  return meter.usageSources.flatMap((source): UsageReader[] => {
    const tree = source.follow?.(process.pid);
    return tree ? [{ method: source.name, read: () => tree.read() }] : [];
  });
}
