import type { Host } from '../../base/index.js';
import type { CgroupUsage, Usage } from '../../model/index.js';
import { type BlockDevices, GroupMeter, placesOf } from './group-meter.js';
import { GroupTree } from './group-tree.js';
import type { CgroupLayout } from './layout.js';

/** Removed groups whose figures are kept, in case a group with the same path is made again. */
const REMEMBERED = 4096;

/** A path's figures over several groups that had it one after another. */
function together(earlier: Usage | undefined, now: Usage): Usage {
  if (earlier === undefined) return now;
  const sum = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined ? b : a + (b ?? 0);
  const peak = Math.max(earlier.memoryPeakMib ?? 0, now.memoryPeakMib ?? 0);
  return {
    ...now,
    cpuSeconds: earlier.cpuSeconds + now.cpuSeconds,
    ...(peak === 0 ? {} : { memoryPeakMib: peak }),
    readBytes: sum(earlier.readBytes, now.readBytes),
    writtenBytes: sum(earlier.writtenBytes, now.writtenBytes),
  };
}

/** Every group of the machine, with what each has used since the table was made or since it began. */
export class GroupTable {
  readonly #host: Host;
  readonly #layout: CgroupLayout;
  readonly #devices: BlockDevices;
  readonly #tree: GroupTree;
  readonly #meters = new Map<string, GroupMeter>();
  readonly #earlier = new Map<string, Usage>();

  constructor(host: Host, layout: CgroupLayout, devices: BlockDevices) {
    this.#host = host;
    this.#layout = layout;
    this.#devices = devices;
    this.#tree = new GroupTree(layout.cpu.folder, layout.cpu.shows);
    for (const path of this.#tree.refresh(host.clock.now()).appeared) this.#add(path, false);
  }

  /** Every group, and once more those that were removed since the last call. */
  read(): CgroupUsage[] {
    const { appeared, vanished } = this.#tree.refresh(this.#host.clock.now());
    const removed = vanished.flatMap((path) => this.#remove(path) ?? []);
    for (const path of appeared) this.#add(path, true);
    const usages = removed.filter(({ path }) => !this.#meters.has(path));
    for (const [path, meter] of this.#meters) {
      usages.push({ path, usage: together(this.#earlier.get(path), meter.read()) });
    }
    return usages;
  }

  close(): void {
    for (const meter of this.#meters.values()) meter.close();
    this.#meters.clear();
  }

  #add(path: string, isNew: boolean): void {
    const meter = new GroupMeter(this.#layout, placesOf(this.#layout, path), this.#devices, isNew);
    if (meter.isAccounted) this.#meters.set(path, meter);
    else meter.close();
  }

  #remove(path: string): CgroupUsage | undefined {
    const meter = this.#meters.get(path);
    if (meter === undefined) return undefined;
    meter.close();
    this.#meters.delete(path);
    const usage = together(this.#earlier.get(path), meter.last);
    this.#earlier.delete(path);
    this.#earlier.set(path, usage);
    for (const oldest of this.#earlier.keys()) {
      if (this.#earlier.size <= REMEMBERED) break;
      this.#earlier.delete(oldest);
    }
    return { path, usage };
  }
}
