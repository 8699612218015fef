import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import type { Domain } from '../../model/index.js';
import type { PerfEvent } from '../native/perf-attributes.js';
import { parseCpuList } from './cpu-list.js';

/** An energy figure that a PMU gives: one event, counted on one processor or (cores) on several that are added up. */
export interface EnergyMeter {
  readonly domain: Domain;
  /** As RAPL names it: `package-0`, `package-1-die-0`, `psys`. */
  readonly device: string;
  readonly event: PerfEvent;
  readonly cpus: readonly number[];
  readonly joulesPerUnit: number;
}

export interface EnergyMeters {
  readonly meters: readonly EnergyMeter[];
  /** Events that are there and can't be understood, and why. */
  readonly problems: readonly string[];
}

const DOMAIN_OF: Readonly<Record<string, Domain>> = {
  'energy-pkg': 'package',
  'energy-cores': 'core',
  'energy-core': 'core',
  'energy-ram': 'dram',
  // Perf's name for the graphics plane of client processors (PP1).
  'energy-gpu': 'uncore',
  'energy-psys': 'psys',
};

/** `event=0x02` laid into the bits that `format/event` gives (`config:0-7`); undefined for anything that is not so plain. */
function configOf(text: string, format: string): bigint | undefined {
  const event = /^event=(0x[\da-f]+|\d+)$/i.exec(text.trim())?.[1];
  const shift = /^config:(\d+)(?:-\d+)?$/.exec(format.trim())?.[1];
  return event === undefined || shift === undefined ? undefined : BigInt(event) << BigInt(shift);
}

const topology = (host: Host, cpu: number, name: string): string | undefined =>
  readTextIfAny(host.sys('devices/system/cpu', `cpu${cpu}`, 'topology', name))?.trim();

/** Processors by the device that their counter speaks for. */
function byDevice(host: Host, cpus: readonly number[], perCore: boolean): Map<string, number[]> {
  const packages = new Map<string, number[]>();
  for (const cpu of cpus) {
    const id = topology(host, cpu, 'physical_package_id') ?? '';
    const name = /^\d+$/.test(id) ? `package-${id}` : `cpu-${cpu}`;
    packages.set(name, [...(packages.get(name) ?? []), cpu]);
  }
  if (perCore) return packages;
  // Several counters in a package: Intel's multi-die processors have one a die. On AMD they all show the same register
  // (kernels 6.9 to 6.11 listed one for each group of cores), so that one is enough and more would count it again.
  const oneEach = /^vendor_id\s*:\s*(AuthenticAMD|HygonGenuine)/m.test(
    readTextIfAny(host.proc('cpuinfo')) ?? '',
  );
  const devices = new Map<string, number[]>();
  for (const [name, members] of packages) {
    if (members.length === 1 || oneEach) devices.set(name, members.slice(0, 1));
    else for (const cpu of members) devices.set(`${name}-die-${topology(host, cpu, 'die_id') ?? cpu}`, [cpu]);
  }
  return devices;
}

/** The platform is one thing, except on machines that measure it by socket. */
const platformName = (device: string): string =>
  device === 'package-0' ? 'psys' : device.replace(/^package/, 'psys');

function metersOf(host: Host, pmu: string, problems: string[]): EnergyMeter[] {
  const folder = host.sys('bus/event_source/devices', pmu);
  const text = (...parts: string[]): string => readTextIfAny(join(folder, ...parts)) ?? '';
  const type = text('type').trim();
  const cpus = parseCpuList(text('cpumask'));
  const names = listIfAny(join(folder, 'events')).filter((name) => !name.includes('.'));
  if (names.length === 0) return [];
  if (!/^\d+$/.test(type) || cpus === undefined || cpus.length === 0) {
    problems.push(`${folder} has no usable type and cpumask`);
    return [];
  }
  return names.flatMap((name) => {
    const domain = DOMAIN_OF[name];
    const config = configOf(text('events', name), text('format', 'event'));
    const unit = text('events', `${name}.unit`).trim();
    const scale = Number(text('events', `${name}.scale`).trim() || Number.NaN);
    const wrong =
      (domain === undefined && 'an unknown event') ||
      (config === undefined && 'an encoding that is not known') ||
      (unit !== 'Joules' && `the unit "${unit}"`) ||
      (!(scale > 0 && scale < 1) && 'no usable scale');
    if (wrong || domain === undefined || config === undefined) {
      problems.push(`${pmu}/${name} has ${wrong}`);
      return [];
    }
    const event = { type: Number(type), config };
    return [...byDevice(host, cpus, name === 'energy-core')].map(([device, members]) => ({
      domain,
      device: domain === 'psys' ? platformName(device) : device,
      event,
      cpus: members,
      joulesPerUnit: scale,
    }));
  });
}

/**
 * The energy events of the `power` PMU (one a package) and of `power_core` (one a core: AMD from kernel 6.14 on), whose
 * cores are added up by package unless `power` gives that sum itself.
 */
export function findEnergyMeters(host: Host): EnergyMeters {
  const problems: string[] = [];
  const meters = ['power', 'power_core'].flatMap((pmu) => metersOf(host, pmu, problems));
  const seen = new Set<string>();
  const once = meters.filter(({ domain, device }) => {
    const key = `${domain} ${device}`;
    return !seen.has(key) && seen.add(key);
  });
  return { meters: once, problems };
}
