import { type Host, readTextIfAny } from '../../base/index.js';
import type { Channel, Chip } from './chip.js';

/** A part of a socket: its own counter, or its cores' counters that are to be added up. */
export interface AmdPart {
  readonly domain: 'package' | 'core';
  readonly device: string;
  readonly channels: readonly Channel[];
}

function packageOfCpu(host: Host, cpu: string): number | undefined {
  const text = readTextIfAny(host.sys('devices/system/cpu', `cpu${cpu}`, 'topology/physical_package_id'));
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `EsocketN` is the package of NUMA node N: with several nodes in a package, several channels show the same counter. */
function packageOfNode(host: Host, node: string): number | undefined {
  const first = /^\d+/.exec(readTextIfAny(host.sys('devices/system/node', `node${node}`, 'cpulist')) ?? '');
  return first ? packageOfCpu(host, first[0]) : undefined;
}

/**
 * The channels of `amd_energy`: `EsocketN` for packages, `EcoreNNN` for cores by the number of their first logical CPU.
 * Cores are given only where the topology says to which package they belong, or where there is one package alone.
 */
export function amdParts(host: Host, chip: Chip): AmdPart[] {
  const packages = new Map<number, Channel>();
  const cores = new Map<number, Channel[]>();
  const labelled = (pattern: RegExp): { channel: Channel; number: string }[] =>
    chip.channels.flatMap((channel) => {
      const number = pattern.exec(channel.label ?? '')?.[1];
      return number === undefined ? [] : [{ channel, number }];
    });
  const sockets = labelled(/^Esocket(\d+)$/);
  for (const { channel, number } of sockets) {
    const id = packageOfNode(host, number) ?? Number(number);
    if (!packages.has(id)) packages.set(id, channel);
  }
  const only = packages.size === 1 ? [...packages.keys()][0] : undefined;
  for (const { channel, number } of labelled(/^Ecore(\d+)$/)) {
    const id = packageOfCpu(host, String(Number(number))) ?? only;
    if (id !== undefined) cores.set(id, [...(cores.get(id) ?? []), channel]);
  }
  return [
    ...[...packages].map(([id, channel]) => ({
      domain: 'package' as const,
      device: `package-${id}`,
      channels: [channel],
    })),
    ...[...cores].map(([id, channels]) => ({ domain: 'core' as const, device: `package-${id}`, channels })),
  ];
}
