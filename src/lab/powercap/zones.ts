import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Domain } from '../../model/index.js';

/** What a tree can have besides its packages. `mmio` is the second view of every package that client processors give. */
export const EXTRA_ZONES = ['core', 'uncore', 'dram', 'psys', 'mmio'] as const;
export type ExtraZone = (typeof EXTRA_ZONES)[number];

export interface Zone {
  /** Folders from `devices/virtual/powercap` to the zone: control type, package, subzone. */
  readonly path: readonly string[];
  /** What its file `name` says. */
  readonly name: string;
  readonly domain: Domain;
  /** Which package it belongs to, from 0; absent for psys, which covers them all. */
  readonly socket?: number;
  /** Microjoules after which its counter starts again from 0. */
  readonly range: bigint;
}

export interface ZoneOptions {
  readonly sockets: number;
  readonly extra: readonly ExtraZone[];
  /** The range of every zone, in microjoules; without it those of a real machine. */
  readonly rangeMicrojoules?: bigint;
}

// 2^32 - 1 hardware units, of 61.035 µJ and (memory of servers) 15.3 µJ, as the kernel converts them.
const PACKAGE_RANGE = 262_143_328_850n;
const MEMORY_RANGE = 65_712_999_613n;

/** The zones of a machine, numbered as the kernel does it: packages first, then psys; core, uncore, dram within a package. */
export function planZones(options: ZoneOptions): Zone[] {
  const { sockets, extra, rangeMicrojoules } = options;
  if (!Number.isInteger(sockets) || sockets < 1 || sockets > 64) {
    throw new WattloopError(
      ErrorCode.badUsage,
      `a virtual machine can't have ${sockets} sockets: 1 to 64 are possible`,
    );
  }
  if (rangeMicrojoules !== undefined && rangeMicrojoules < 1n) {
    throw new WattloopError(
      ErrorCode.badUsage,
      `the range of a counter can't be ${rangeMicrojoules} µJ: it must be 1 or more`,
    );
  }
  const rangeOf = (domain: Domain): bigint =>
    rangeMicrojoules ?? (domain === 'dram' ? MEMORY_RANGE : PACKAGE_RANGE);
  const packages = (type: string): Zone[] =>
    Array.from({ length: sockets }, (_, socket) => ({
      path: [type, `${type}:${socket}`],
      name: `package-${socket}`,
      domain: 'package',
      socket,
      range: rangeOf('package'),
    }));
  const inside = (['core', 'uncore', 'dram'] as const).filter((domain) => extra.includes(domain));
  const zones = packages('intel-rapl').flatMap((outer): Zone[] => [
    outer,
    ...inside.map((domain, index) => ({
      ...outer,
      path: [...outer.path, `${outer.path.at(-1)}:${index}`],
      name: domain,
      domain,
      range: rangeOf(domain),
    })),
  ]);
  if (extra.includes('psys')) {
    zones.push({
      path: ['intel-rapl', `intel-rapl:${sockets}`],
      name: 'psys',
      domain: 'psys',
      range: rangeOf('psys'),
    });
  }
  if (extra.includes('mmio')) zones.push(...packages('intel-rapl-mmio'));
  return zones;
}
