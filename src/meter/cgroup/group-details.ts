import { join } from 'node:path';
import { readTextIfAny } from '../../base/index.js';
import { BYTES_PER_MIB, MICRO, NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { integerIn } from '../proc/bytes.js';
import { parseCpuStat } from './figures.js';
import { type CgroupLayout, folderOf } from './layout.js';
import type { Hierarchy } from './mounts.js';

/** What one group tells about itself at a moment, since it was made. What its controllers do not tell is absent. */
export interface GroupDetails {
  readonly cpuSeconds: number;
  readonly userSeconds: number | undefined;
  readonly systemSeconds: number | undefined;
  /** Time that it wanted to run and its quota did not let it. */
  readonly throttledSeconds: number | undefined;
  readonly memoryMib: number | undefined;
  readonly memoryPeakMib: number | undefined;
  readonly pids: number | undefined;
}

export function readGroupDetails(layout: CgroupLayout, path: string): GroupDetails | undefined {
  const integer = (hierarchy: Hierarchy | undefined, ...names: string[]): bigint | undefined => {
    const folder = hierarchy && folderOf(hierarchy, path);
    if (folder === undefined) return undefined;
    for (const name of names) {
      const value = integerIn(readTextIfAny(join(folder, name)));
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const scaled = (value: bigint | undefined, unit: number): number | undefined =>
    value === undefined ? undefined : Number(value) * unit;
  const memory = {
    memoryMib: scaled(integer(layout.memory, 'memory.current', 'memory.usage_in_bytes'), 1 / BYTES_PER_MIB),
    memoryPeakMib: scaled(
      integer(layout.memory, 'memory.peak', 'memory.max_usage_in_bytes'),
      1 / BYTES_PER_MIB,
    ),
    pids: scaled(integer(layout.pids, 'pids.current'), 1),
  };
  const stat = readTextIfAny(join(folderOf(layout.cpu, path), 'cpu.stat'));
  if (layout.cpu.version === 2) {
    const cpu = stat === undefined ? undefined : parseCpuStat(stat);
    if (cpu === undefined) return undefined;
    return {
      cpuSeconds: Number(cpu.usageMicroseconds) * MICRO,
      userSeconds: scaled(cpu.userMicroseconds, MICRO),
      systemSeconds: scaled(cpu.systemMicroseconds, MICRO),
      throttledSeconds: scaled(cpu.throttledMicroseconds, MICRO),
      ...memory,
    };
  }
  const nano = 1 / NANOSECONDS_PER_SECOND;
  const usage = integer(layout.cpu, 'cpuacct.usage');
  if (usage === undefined) return undefined;
  // Here when cpu and cpuacct are mounted together, as systemd does it.
  const throttled = integerIn(/^throttled_time (\d+)$/m.exec(stat ?? '')?.[1]);
  return {
    cpuSeconds: Number(usage) * nano,
    userSeconds: scaled(integer(layout.cpu, 'cpuacct.usage_user'), nano),
    systemSeconds: scaled(integer(layout.cpu, 'cpuacct.usage_sys'), nano),
    throttledSeconds: scaled(throttled, nano),
    ...memory,
  };
}
