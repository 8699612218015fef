import { join } from 'node:path';
import {
  ErrorCode,
  type Host,
  KernelFile,
  listIfAny,
  readTextIfAny,
  systemCode,
  WattloopError,
} from '../../base/index.js';
import { type Domain, type EnergyReading, MICRO } from '../../model/index.js';
import { EnergyCounter, STEP_TROUBLE } from '../counter.js';
import { type Availability, type InstantEnergySource, unusable, usable } from '../source.js';
import { unreadable } from '../sysfs-number.js';

const ZONE = /^intel-rapl(-mmio)?((?::\d+)+)$/;
const REOPEN_SECONDS = 1;

interface Zone {
  readonly path: string;
  readonly domain: Domain;
  /** The package it belongs to: `package-0`, `package-1-die-0`, `psys`. */
  readonly device: string;
  readonly mmio: boolean;
}

interface OpenZone extends Zone {
  readonly counter: EnergyCounter;
  file: KernelFile | undefined;
  /** Not tried again before this time, after the zone could not be read. */
  retryAt: number;
}

function domainOf(name: string): Domain | undefined {
  if (name.startsWith('package')) return 'package';
  return name === 'core' || name === 'uncore' || name === 'dram' || name === 'psys' ? name : undefined;
}

/** Zones in a folder and, where subzones are listed only inside their package, in the folders below. */
function scan(folder: string, parent?: string): Zone[] {
  return listIfAny(folder).flatMap((entry) => {
    const match = ZONE.exec(entry);
    if (!match) return [];
    const path = join(folder, entry);
    const name = readTextIfAny(join(path, 'name')) ?? '';
    const domain = domainOf(name);
    const isTop = match[2]?.lastIndexOf(':') === 0;
    const above = join(folder, entry.slice(0, entry.lastIndexOf(':')), 'name');
    const device = isTop ? name : (parent ?? readTextIfAny(above) ?? entry);
    const zone = { path, domain, device, mmio: match[1] !== undefined };
    return [...(domain ? [{ ...zone, domain }] : []), ...scan(path, device)];
  });
}

/**
 * Every zone once. The flat class folder lists subzones beside their packages as well as inside them, and
 * `intel-rapl-mmio` shows the package of `intel-rapl` a second time.
 */
function findZones(host: Host): Zone[] {
  const places = [
    host.sys('class/powercap'),
    ...['intel-rapl', 'intel-rapl-mmio'].map((name) => host.sys('devices/virtual/powercap', name)),
  ];
  const zones = places.flatMap((place) => scan(place)).sort((a, b) => Number(a.mmio) - Number(b.mmio));
  const seen = new Set<string>();
  return zones.filter(({ domain, device }) => {
    const key = `${domain} ${device}`;
    return !seen.has(key) && seen.add(key);
  });
}

function explain(host: Host): Availability {
  const cpuinfo = readTextIfAny(host.proc('cpuinfo')) ?? '';
  if (/^flags.*\bhypervisor\b/m.test(cpuinfo)) {
    return unusable(
      'no powercap zones: this is a virtual machine and its hypervisor does not pass RAPL on',
      'Measure on the host, or use an estimate (tdp); "wattloop simulate powercap" makes a tree to try things on',
    );
  }
  if (/^CPU implementer/m.test(cpuinfo)) {
    return unusable(
      'this ARM processor has no RAPL',
      'Use hwmon, a board sensor (tegra), ipmi or an external meter (scpi)',
    );
  }
  return unusable(
    `no powercap zones in ${host.sys('class/powercap')}`,
    'Load the driver: modprobe intel_rapl_msr (kernel option CONFIG_INTEL_RAPL; AMD from kernel 5.8 on)',
  );
}

/** RAPL energy counters by the kernel's powercap tree: Intel, and AMD from Zen on. */
class Rapl implements InstantEnergySource {
  readonly name = 'rapl';
  readonly title = 'processor energy counters (RAPL) by the powercap tree';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = true;
  // Against external meters RAPL is found within about 5 % (Khan et al., "RAPL in Action", 2018; Haswell and later).
  readonly uncertainty = 0.05;
  readonly #host: Host;
  #zones: OpenZone[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const zones = findZones(this.#host);
    if (zones.length === 0) return explain(this.#host);
    const trouble = zones.map((zone) => unreadable(join(zone.path, 'energy_uj')));
    const good = zones.filter((_, index) => trouble[index] === undefined);
    if (good.length > 0) return usable([...new Set(good.map((zone) => zone.domain))]);
    const denied = trouble.includes('EACCES');
    const place = this.#host.sys('class/powercap');
    return denied
      ? unusable(
          `permission denied: only root may read energy_uj in ${place} (since CVE-2020-8694)`,
          `Run as root, or: sudo chmod -R a+r ${place}/*/energy_uj`,
        )
      : unusable(
          `the zones in ${place} have no readable energy_uj`,
          'Check the kernel log (dmesg | grep -i rapl)',
        );
  }

  async open(): Promise<void> {
    await this.close();
    this.#zones = findZones(this.#host).map((zone) => {
      const range = readTextIfAny(join(zone.path, 'max_energy_range_uj')) ?? '';
      const counter = new EnergyCounter(
        MICRO,
        /^\d+$/.test(range) && range !== '0' ? BigInt(range) : undefined,
      );
      return { ...zone, counter, file: undefined, retryAt: Number.NEGATIVE_INFINITY };
    });
    if (this.read().length === 0) {
      const why = await this.probe();
      await this.close();
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `rapl: ${why.usable ? 'no zone gives a number' : why.reason}`,
        {
          remedy: why.usable ? 'Read energy_uj by hand to see what it holds' : why.remedy,
        },
      );
    }
  }

  read(): EnergyReading[] {
    const readings: EnergyReading[] = [];
    for (const zone of this.#zones) {
      const at = this.#host.clock.now();
      const raw = this.#raw(zone, at);
      if (raw === undefined) continue;
      const step = zone.counter.advance(raw, at);
      const trouble = STEP_TROUBLE[step];
      if (trouble) this.#host.log.warn(`rapl: ${trouble}`, { zone: zone.path, raw: String(raw) });
      if (step === 'garbage') continue;
      readings.push({
        kind: 'counter',
        domain: zone.domain,
        device: zone.device,
        at,
        joules: zone.counter.joules,
      });
    }
    return readings;
  }

  async close(): Promise<void> {
    for (const zone of this.#zones) zone.file?.close();
    this.#zones = [];
  }

  #raw(zone: OpenZone, at: number): bigint | undefined {
    if (zone.file === undefined && at < zone.retryAt) return undefined;
    try {
      zone.file ??= new KernelFile(join(zone.path, 'energy_uj'));
      const text = zone.file.text().trim();
      if (/^\d+$/.test(text)) return BigInt(text);
      this.#host.log.warn('rapl: not a number', { zone: zone.path, text: text.slice(0, 40) });
    } catch (error) {
      // The zone went away (a driver unloaded, rights taken): the others go on, and it is tried again.
      this.#host.log.warn('rapl: zone cannot be read', { zone: zone.path, error: systemCode(error) });
      zone.file?.close();
      zone.file = undefined;
      zone.retryAt = at + REOPEN_SECONDS;
    }
    return undefined;
  }
}

export const rapl = (host: Host): InstantEnergySource => new Rapl(host);
