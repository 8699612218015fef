import {
  ErrorCode,
  type Host,
  KernelFile,
  messageOf,
  readTextIfAny,
  WattloopError,
} from '../../base/index.js';
import type { MachineUsage, ProcessUsage } from '../../model/index.js';
import { RusageOf, resourceUsage } from '../native/rusage.js';
import { readUptime } from '../proc/machine-files.js';
import { type MachineStat, parseMachineStat } from '../proc/machine-stat.js';
import { OwnChildren } from '../proc/own-children.js';
import { ProcessReader } from '../proc/process-reader.js';
import { ProcessTable } from '../proc/process-table.js';
import { ProcessTree } from '../proc/process-tree.js';
import { ProcessorTime } from '../proc/processor-time.js';
import {
  type Availability,
  type FollowedTree,
  type UsageSource,
  unavailable,
  unusable,
  usable,
} from '../source.js';

const STAT_BYTES = 16_384;

interface Opened {
  readonly reader: ProcessReader;
  readonly stat: KernelFile;
  readonly busy: ProcessorTime;
  readonly ownChildren: OwnChildren;
  /** Context switches when the source was opened. */
  readonly switchesBefore: number | undefined;
  readonly table: ProcessTable;
}

/** CPU time of processes and processors as the kernel accounts it in /proc. Works everywhere and needs no rights. */
class Proc implements UsageSource {
  readonly name = 'proc';
  readonly title = 'CPU time of processes and processors (/proc)';
  readonly yields = 'usage';
  readonly #host: Host;
  #opened: Opened | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const path = this.#host.proc('stat');
    const text = readTextIfAny(path);
    if (text === undefined) {
      return unusable(`${path} can't be read`, 'Mount procfs: mount -t proc proc /proc (or set --procfs)');
    }
    if (parseMachineStat(text, 1).total === undefined) {
      return unusable(`${path} has no line of processor times`, 'Check that --procfs names a procfs');
    }
    return usable([], this.#hidden());
  }

  async open(): Promise<void> {
    await this.close();
    const found = await this.probe();
    if (!found.usable) {
      throw unavailable(this.name, found);
    }
    const reader = new ProcessReader(this.#host);
    const stat = new KernelFile(this.#host.proc('stat'), STAT_BYTES);
    const first = parseMachineStat(stat.text(), reader.units.ticksPerSecond);
    const busy = new ProcessorTime();
    busy.advance(first, this.#host.clock.now(), readUptime(this.#host));
    const ownChildren = new OwnChildren(reader, this.#host.live ? childrenSeconds : undefined);
    this.#opened = {
      reader,
      stat,
      busy,
      ownChildren,
      switchesBefore: first.contextSwitches,
      table: new ProcessTable(reader),
    };
  }

  machine(): MachineUsage {
    const { stat, busy, reader, switchesBefore } = this.#open();
    const at = this.#host.clock.now();
    const now = this.#guard(() => parseMachineStat(stat.text(), reader.units.ticksPerSecond));
    busy.advance(now, at);
    return {
      at,
      logicalCpus: now.cpus.size,
      ...(hasTimes(now) ? { busySeconds: busy.busySeconds, interruptSeconds: busy.interruptSeconds } : {}),
      ...(now.contextSwitches === undefined || switchesBefore === undefined
        ? {}
        : { contextSwitches: Math.max(0, now.contextSwitches - switchesBefore) }),
    };
  }

  processes(): ProcessUsage[] {
    const { table } = this.#open();
    return this.#guard(() => table.scan());
  }

  follow(pid: number): FollowedTree {
    const { reader, ownChildren } = this.#open();
    const nowTicks = Math.floor((readUptime(this.#host) ?? 0) * reader.units.ticksPerSecond);
    const tree = new ProcessTree({ reader, pid, nowTicks, ownChildren });
    if (!tree.isEmpty) return tree;
    throw new WattloopError(ErrorCode.notFound, `proc: there is no process ${pid} to follow`, {
      remedy: 'It may have ended already: follow a process before it does its work',
    });
  }

  async close(): Promise<void> {
    this.#opened?.stat.close();
    this.#opened?.table.close();
    this.#opened?.ownChildren.close();
    this.#opened = undefined;
  }

  #open(): Opened {
    if (this.#opened) return this.#opened;
    throw new WattloopError(ErrorCode.internal, 'proc: read before it was opened');
  }

  #guard<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw new WattloopError(ErrorCode.sourceFailed, `proc: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Mounted with hidepid, /proc shows only the user's own processes. */
  #hidden(): string | undefined {
    const mounts = readTextIfAny(this.#host.proc('mounts')) ?? '';
    const option = /^\S+ \/proc proc \S*hidepid=(\w+)/m.exec(mounts)?.[1];
    if (option === undefined || option === '0' || option === 'off' || process.getuid?.() === 0)
      return undefined;
    return `/proc is mounted with hidepid=${option}: processes of other users are not seen (root sees them)`;
  }
}

/** CPU seconds of this process's children that have ended, to the microsecond; undefined where no system call can be made. */
function childrenSeconds(): number | undefined {
  try {
    const { userSeconds, systemSeconds } = resourceUsage(RusageOf.children);
    return userSeconds + systemSeconds;
  } catch {
    return undefined;
  }
}

/** Sandboxes such as gVisor show processors that never did anything: that is no figure. */
function hasTimes({ total }: MachineStat): boolean {
  return total !== undefined && Object.values(total).some((seconds) => seconds > 0);
}

export const proc = (host: Host): UsageSource => new Proc(host);
