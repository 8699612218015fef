import { existsSync } from 'node:fs';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import type { CgroupUsage } from '../../model/index.js';
import { FollowedGroup } from '../cgroup/followed-group.js';
import { BlockDevices, GroupMeter, type Places, placesOf } from '../cgroup/group-meter.js';
import { GroupTable } from '../cgroup/group-table.js';
import { type CgroupLayout, detectLayout, folderOf } from '../cgroup/layout.js';
import { OwnGroup, removeLeftovers, whyNoGroup } from '../cgroup/own-group.js';
import { descendants } from '../proc/children.js';
import { ProcessReader } from '../proc/process-reader.js';
import { type Availability, type FollowedTree, type UsageSource, unusable, usable } from '../source.js';

interface Opened {
  readonly layout: CgroupLayout;
  readonly devices: BlockDevices;
  readonly reader: ProcessReader;
  readonly table: GroupTable;
  readonly followed: Set<FollowedGroup>;
}

/** CPU time, memory and I/O of control groups. Nothing that ran in a group is lost, however short it lived. */
class Cgroup implements UsageSource {
  readonly name = 'cgroup';
  readonly title = 'CPU time of control groups (cgroup v1 and v2)';
  readonly yields = 'usage';
  readonly cgroupsContainOthers = true;
  /** There while open, where Wattloop may make groups. */
  follow?: (pid: number) => FollowedTree;
  readonly #host: Host;
  #opened: Opened | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const layout = this.#layout();
    if (layout === undefined) {
      return unusable(
        `no hierarchy of control groups with CPU time below ${this.#host.sys('fs/cgroup')}`,
        'Mount one: mount -t cgroup2 none /sys/fs/cgroup; in a container, mount the host’s /sys/fs/cgroup',
      );
    }
    const how = layout.cpu.version === 2 ? 'version 2' : 'version 1, cpuacct';
    const denied = whyNoGroup(this.#host, layout.cpu);
    const note = `${layout.version} (CPU time by ${how})`;
    return usable([], denied === undefined ? note : `${note}; reads groups but can't make any: ${denied}`);
  }

  async open(): Promise<void> {
    await this.close();
    const layout = this.#layout();
    if (layout === undefined) {
      const why = await this.probe();
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `cgroup: ${why.usable ? 'the hierarchy went away' : why.reason}`,
        why.usable ? {} : { remedy: why.remedy },
      );
    }
    const devices = new BlockDevices(this.#host);
    const reader = new ProcessReader(this.#host);
    const canFollow = whyNoGroup(this.#host, layout.cpu) === undefined;
    if (canFollow) removeLeftovers(this.#host, layout);
    const table = new GroupTable(this.#host, layout, devices);
    this.#opened = { layout, devices, reader, table, followed: new Set() };
    if (canFollow) this.follow = (pid) => this.#follow(pid);
  }

  /** A group's figures contain those of the groups below it. */
  cgroups(): CgroupUsage[] {
    return this.#open().table.read();
  }

  followCgroup(path: string): FollowedTree {
    const { layout } = this.#open();
    const folder = folderOf(layout.cpu, path);
    if (!existsSync(folder)) {
      throw new WattloopError(
        ErrorCode.notFound,
        `cgroup: there is no group ${path} (looked for ${folder})`,
        {
          remedy: 'Give its path as /proc/PID/cgroup shows it, or systemd-cgls',
        },
      );
    }
    return this.#followGroup(placesOf(layout, path), false, () => undefined);
  }

  async close(): Promise<void> {
    for (const followed of [...(this.#opened?.followed ?? [])]) followed.close();
    this.#opened?.table.close();
    this.#opened = undefined;
    delete this.follow;
  }

  /** Moves the process, and whatever it has started already, into a group of its own. */
  #follow(pid: number): FollowedTree {
    const { layout, reader } = this.#open();
    const group = new OwnGroup(this.#host, layout, pid);
    try {
      const tree = this.#followGroup(group.places, true, () => group.close());
      // What the process forks from now on is born in the group; what it forked before is brought in until nothing new is found.
      const moved = new Set<number>([pid]);
      for (let found = true; found; ) {
        const strays = descendants(reader, pid).filter((stray) => !moved.has(stray));
        for (const stray of strays) {
          group.adopt(stray);
          moved.add(stray);
        }
        found = strays.length > 0;
      }
      return tree;
    } catch (error) {
      group.close();
      throw error instanceof WattloopError
        ? error
        : new WattloopError(ErrorCode.sourceFailed, `cgroup: ${messageOf(error)}`, { cause: error });
    }
  }

  #followGroup(places: Places, isNew: boolean, whenClosed: () => void): FollowedTree {
    const { layout, devices, reader, followed } = this.#open();
    const meter = new GroupMeter(layout, places, devices, isNew);
    const tree = new FollowedGroup(meter, places.cpu, reader, () => {
      followed.delete(tree);
      whenClosed();
    });
    followed.add(tree);
    return tree;
  }

  #layout(): CgroupLayout | undefined {
    return detectLayout(this.#host);
  }

  #open(): Opened {
    if (this.#opened) return this.#opened;
    throw new WattloopError(ErrorCode.internal, 'cgroup: read before it was opened');
  }
}

export const cgroup = (host: Host): UsageSource => new Cgroup(host);
