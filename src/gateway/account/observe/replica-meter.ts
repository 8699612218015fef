import { existsSync } from 'node:fs';
import type { Host } from '../../../base/index.js';
import {
  BlockDevices,
  type CgroupLayout,
  detectLayout,
  folderOf,
  GroupMeter,
  type UsageSource,
} from '../../../meter/index.js';
import type { AccountedReplica } from '../account.js';

/** CPU seconds of one replica, with all that it started, since it was told of; what it used before too where it is new. */
export interface ReplicaMeter {
  cpuSeconds(): number;
  close(): void;
}

/** Makes the meter of a replica; undefined where nobody can tell what it uses. `isNew`: it was started just now. */
export type MeterReplica = (
  replica: AccountedReplica,
  isNew: boolean,
  trees: UsageSource | undefined,
) => ReplicaMeter | undefined;

/** By its control group, whose figures miss nothing, or else by its process and the descendants of that. */
export function replicaMeters(host: Host): MeterReplica {
  const devices = new BlockDevices(host);
  let layout: CgroupLayout | undefined;
  return ({ group, pid }, isNew, trees) => {
    layout ??= detectLayout(host);
    const folder = group === undefined || layout === undefined ? undefined : folderOf(layout.cpu, group);
    if (layout && folder !== undefined && existsSync(folder)) {
      const places = { cpu: folder, memory: undefined, io: undefined };
      const meter = new GroupMeter(layout, places, devices, isNew);
      if (meter.isAccounted) return { cpuSeconds: () => meter.read().cpuSeconds, close: () => meter.close() };
      meter.close();
    }
    return pid === undefined ? undefined : followed(pid, trees);
  };
}

function followed(pid: number, trees: UsageSource | undefined): ReplicaMeter | undefined {
  try {
    const tree = trees?.follow?.(pid);
    return tree && { cpuSeconds: () => tree.read().cpuSeconds, close: () => tree.close() };
  } catch {
    // It has ended already.
    return undefined;
  }
}
