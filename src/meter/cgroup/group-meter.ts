import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, KernelFile, listIfAny } from '../../base/index.js';
import { BYTES_PER_MIB, MICRO, NANOSECONDS_PER_SECOND, type Usage } from '../../model/index.js';
import { integerIn } from '../proc/bytes.js';
import { Cumulative } from './cumulative.js';
import { parseBlockIo, parseCpuStat } from './figures.js';
import { type CgroupLayout, folderOf } from './layout.js';
import type { Hierarchy } from './mounts.js';

/** Devices that stand on other devices, asked for once each. */
export class BlockDevices {
  readonly #host: Host;
  readonly #stacked = new Map<string, boolean>();

  constructor(host: Host) {
    this.#host = host;
  }

  readonly isStacked = (device: string): boolean => {
    let known = this.#stacked.get(device);
    if (known === undefined) {
      known = listIfAny(this.#host.sys('dev/block', device, 'slaves')).length > 0;
      this.#stacked.set(device, known);
    }
    return known;
  };
}

/** The folders of one group in the hierarchies that tell about it. */
export interface Places {
  readonly cpu: string;
  readonly memory: string | undefined;
  readonly io: string | undefined;
}

/** Where a group is that has the same path in all hierarchies, as those have that container engines make. */
export function placesOf(layout: CgroupLayout, path: string): Places {
  const folder = (hierarchy: Hierarchy | undefined): string | undefined =>
    hierarchy && folderOf(hierarchy, path);
  return { cpu: folderOf(layout.cpu, path), memory: folder(layout.memory), io: folder(layout.io) };
}

/** The first of the files that the group has, kept open. */
function opened(folder: string | undefined, ...names: string[]): KernelFile | undefined {
  if (folder === undefined) return undefined;
  for (const name of names) {
    const file = join(folder, name);
    // Asking is cheaper than failing, and most groups lack most controllers.
    if (!existsSync(file)) continue;
    try {
      return new KernelFile(file, 1024);
    } catch {
      // Denied, or gone since: as if it were not there.
    }
  }
  return undefined;
}

function text(file: KernelFile | undefined): string | undefined {
  try {
    return file?.text();
  } catch {
    // ENODEV: the group was removed. Its last figure stands.
    return undefined;
  }
}

/**
 * What one group has used, all groups below it included, from files that stay open. Counts from the first reading, or with
 * `isNew` from the group's beginning.
 */
export class GroupMeter {
  readonly #layout: CgroupLayout;
  readonly #cpuFile: KernelFile | undefined;
  readonly #peakFile: KernelFile | undefined;
  readonly #memoryFile: KernelFile | undefined;
  readonly #ioFile: KernelFile | undefined;
  readonly #devices: BlockDevices;
  readonly #cpu: Cumulative;
  readonly #read: Cumulative;
  readonly #written: Cumulative;
  #hasIo = false;
  #peakBytes: number | undefined;
  #usage: Usage = { cpuSeconds: 0 };

  constructor(layout: CgroupLayout, places: Places, devices: BlockDevices, isNew: boolean) {
    const before = isNew ? 0n : undefined;
    this.#layout = layout;
    this.#devices = devices;
    this.#cpu = new Cumulative(before);
    this.#read = new Cumulative(before);
    this.#written = new Cumulative(before);
    this.#cpuFile = opened(places.cpu, layout.cpu.version === 2 ? 'cpu.stat' : 'cpuacct.usage');
    this.#peakFile = opened(places.memory, 'memory.peak', 'memory.max_usage_in_bytes');
    this.#memoryFile = this.#peakFile === undefined ? opened(places.memory, 'memory.current') : undefined;
    this.#ioFile = opened(
      places.io,
      'io.stat',
      'blkio.throttle.io_service_bytes_recursive',
      'blkio.throttle.io_service_bytes',
    );
    this.read();
  }

  /** False when the group has no file of CPU time: it is none, or is gone already. */
  get isAccounted(): boolean {
    return this.#cpuFile !== undefined;
  }

  get last(): Usage {
    return this.#usage;
  }

  /** The figures now, or the last ones when the group is gone. */
  read(): Usage {
    const cpu = this.#cpuUnits();
    if (cpu !== undefined) this.#cpu.take(cpu);
    const bytes = integerIn(text(this.#peakFile ?? this.#memoryFile));
    if (bytes !== undefined) this.#peakBytes = Math.max(this.#peakBytes ?? 0, Number(bytes));
    const io = text(this.#ioFile);
    // Version 1 lists no device where the kernel does not count (from 6.8 on, unless a limit is set): that is no 0.
    if (io !== undefined && (this.#layout.io?.version === 2 || /^\d+:\d+ /m.test(io))) {
      this.#hasIo = true;
      const { read, written } = parseBlockIo(io, this.#devices.isStacked);
      this.#read.take(read);
      this.#written.take(written);
    }
    const unit = this.#layout.cpu.version === 2 ? MICRO : 1 / NANOSECONDS_PER_SECOND;
    this.#usage = {
      cpuSeconds: this.#cpu.sum * unit,
      ...(this.#peakBytes === undefined ? {} : { memoryPeakMib: this.#peakBytes / BYTES_PER_MIB }),
      ...(!this.#hasIo ? {} : { readBytes: this.#read.sum, writtenBytes: this.#written.sum }),
    };
    return this.#usage;
  }

  close(): void {
    for (const file of [this.#cpuFile, this.#peakFile, this.#memoryFile, this.#ioFile]) file?.close();
  }

  #cpuUnits(): bigint | undefined {
    const content = text(this.#cpuFile);
    if (content === undefined) return undefined;
    return this.#layout.cpu.version === 2 ? parseCpuStat(content)?.usageMicroseconds : integerIn(content);
  }
}
