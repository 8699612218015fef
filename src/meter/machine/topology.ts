import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';

export interface Topology {
  readonly coresPhysical: number;
  readonly coresLogical: number;
  readonly sockets: number;
}

const distinct = (values: readonly string[]): number => new Set(values).size;

/** Cores and sockets by sysfs, of the processors that are online; undefined where sysfs does not tell. */
function fromSysfs(host: Host, isBoard: boolean): Topology | undefined {
  const root = host.sys('devices/system/cpu');
  const read = listIfAny(root)
    .filter((name) => /^cpu\d+$/.test(name))
    .flatMap((name) => {
      const fact = (...files: string[]): string | undefined =>
        files
          .map((file) => readTextIfAny(join(root, name, 'topology', file)))
          .find((text) => text !== undefined);
      const siblings = fact('core_cpus_list', 'thread_siblings_list');
      const socket = fact('physical_package_id');
      return siblings === undefined || socket === undefined ? [] : [{ siblings, socket }];
    });
  if (read.length === 0) return undefined;
  // Kernels before 5.4 called each cluster of an ARM board a package, and some boards number it -1.
  const sockets = isBoard ? 1 : distinct(read.map(({ socket }) => socket));
  return {
    coresPhysical: distinct(read.map(({ siblings }) => siblings)),
    coresLogical: read.length,
    sockets,
  };
}

/** Cores and sockets by /proc/cpuinfo: `cpus` has the fields of each processor. */
function fromCpuinfo(cpus: readonly ReadonlyMap<string, string>[]): Topology {
  const sockets = Math.max(1, distinct(cpus.flatMap((cpu) => cpu.get('physical id') ?? [])));
  const cores = distinct(
    cpus.flatMap((cpu) => {
      const core = cpu.get('core id');
      return core === undefined ? [] : [`${cpu.get('physical id') ?? 0} ${core}`];
    }),
  );
  return { coresPhysical: cores === 0 ? cpus.length : cores, coresLogical: cpus.length, sockets };
}

export function readTopology(
  host: Host,
  cpus: readonly ReadonlyMap<string, string>[],
  isBoard: boolean,
): Topology {
  return fromSysfs(host, isBoard) ?? fromCpuinfo(cpus);
}
