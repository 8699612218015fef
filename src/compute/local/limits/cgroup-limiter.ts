import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../../base/index.js';
import { BlockDevices, detectLayout, GroupMeter, type GroupPlaces, pathOf } from '../../../meter/index.js';
import type { Resources } from '../../../model/index.js';
import { type ClientGroup, removeClientGroup } from './client-group.js';
import { emptyGroup } from './empty-group.js';
import { throughGate } from './gate.js';
import { limitCpu, limitMemory, OutOfMemoryKills } from './group-limits.js';
import type { WorkerLimits } from './limiter.js';

/** The client's groups by what they are for; absent where there can be none. */
export interface ClientGroups {
  readonly cpu?: ClientGroup;
  readonly memory?: ClientGroup;
  /** Where CPU time is counted, if that is apart (version 1). */
  readonly accounting?: ClientGroup;
}

/** A control group for each worker, with a part in each hierarchy. */
export class CgroupLimiter {
  readonly #host: Host;
  readonly #groups: ClientGroups;

  constructor(host: Host, groups: ClientGroups) {
    this.#host = host;
    this.#groups = groups;
  }

  get folders(): readonly string[] {
    return [...new Set(Object.values<ClientGroup>({ ...this.#groups }).map(({ folder }) => folder))];
  }

  limit(worker: string, resources: Partial<Resources>): WorkerLimits {
    try {
      return this.#limit(worker, resources);
    } catch (error) {
      throw new WattloopError(
        ErrorCode.permissionDenied,
        `no control group could be made for a worker: ${messageOf(error)}`,
        { remedy: 'Set compute.local.limits to "none" to run without limits', cause: error },
      );
    }
  }

  close(): void {
    for (const group of Object.values<ClientGroup>({ ...this.#groups })) removeClientGroup(group);
  }

  #limit(worker: string, { cpu, memoryMib }: Partial<Resources>): WorkerLimits {
    const { cpu: cpuGroup, memory: memoryGroup, accounting } = this.#groups;
    const folderIn = (group: ClientGroup | undefined): string | undefined =>
      group && join(group.folder, worker);
    const folders = new Set([cpuGroup, memoryGroup, accounting].flatMap((group) => folderIn(group) ?? []));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    if (cpuGroup && cpu) limitCpu(cpuGroup.version, join(cpuGroup.folder, worker), cpu);
    if (memoryGroup && memoryMib)
      limitMemory(memoryGroup.version, join(memoryGroup.folder, worker), memoryMib);
    const places = this.#places(folderIn(accounting), folderIn(memoryGroup));
    const meter = this.#meter(places);
    const kills = memoryGroup && new OutOfMemoryKills(memoryGroup.version, join(memoryGroup.folder, worker));
    return {
      command: (program) =>
        throughGate(
          [...folders].map((folder) => join(folder, 'cgroup.procs')),
          program,
        ),
      group: places,
      groupPath: accounting && pathOf(accounting.hierarchy, join(accounting.folder, worker)),
      killsFile: kills?.path,
      begun: () => undefined,
      cpuSeconds: () => meter?.read().cpuSeconds,
      outOfMemoryKills: () => kills?.read() ?? 0,
      release: async () => {
        // Their last figures stand when the groups are gone.
        meter?.read();
        kills?.read();
        const left = (await Promise.all([...folders].map(emptyGroup))).includes(false);
        if (left) this.#host.log.warn('a control group could not be removed', { worker });
        meter?.close();
        kills?.close();
      },
    };
  }

  #places(cpu: string | undefined, memory: string | undefined): GroupPlaces | undefined {
    return cpu === undefined ? undefined : { cpu, memory, io: undefined };
  }

  #meter(places: GroupPlaces | undefined): GroupMeter | undefined {
    const layout = places && detectLayout(this.#host);
    if (places === undefined || layout === undefined) return undefined;
    const meter = new GroupMeter(
      layout,
      { ...places, memory: undefined },
      new BlockDevices(this.#host),
      true,
    );
    return meter.isAccounted ? meter : undefined;
  }
}
