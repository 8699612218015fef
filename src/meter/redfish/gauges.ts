import { amount, field, items, link, text } from './json.js';

/** One figure of one resource that is read at each poll. */
export interface Gauge {
  /** The chassis, or the supply in it: `System.Embedded.1`, `1/PSU2`. */
  readonly device: string;
  readonly path: string;
  readonly unit: 'watts' | 'kilowatt_hours';
  /** What it is, for people. */
  readonly label: string;
  /** The figure in the resource as it is now; undefined when there is none. */
  extract(resource: unknown): number | undefined;
}

/** The resource at a path, or undefined when there is none or it can't be read. */
export type Fetch = (path: string | undefined) => Promise<unknown>;

/** What a PowerControl entry measures when that is only a part of the machine. */
const PART = /\b(cpu|processor|memory|dimm|gpu|accelerator|fan|drive|storage|pci|slot|network)/i;
/** What one is called that measures all of it. */
const WHOLE = /\b(system|server|chassis|node|total|platform|input)\b/i;

const describes = (entry: unknown): string =>
  [field(entry, 'Name'), field(entry, 'PhysicalContext')].map((part) => text(part) ?? '').join(' ');

/**
 * The PowerControl entry of the whole chassis. The entries nest (Lenovo gives the server, then its processors and memory),
 * so they are never added.
 */
function wholeControl(power: unknown): unknown {
  const candidates = items(field(power, 'PowerControl')).filter((entry) => !PART.test(describes(entry)));
  return candidates.find((entry) => WHOLE.test(describes(entry))) ?? candidates[0];
}

/** The names of a resource's members: of a collection, or of a list within the resource. */
const memberPaths = (collection: unknown): string[] =>
  items(field(collection, 'Members')).flatMap((member) => link(member) ?? []);

const works = (gauge: Gauge, resource: unknown): boolean => gauge.extract(resource) !== undefined;

async function supplyMetrics(device: string, chassis: unknown, fetch: Fetch): Promise<Gauge[]> {
  const subsystem = await fetch(link(chassis, 'PowerSubsystem'));
  const supplies = await fetch(link(subsystem, 'PowerSupplies'));
  const gauges: Gauge[] = [];
  for (const path of memberPaths(supplies)) {
    const supply = await fetch(path);
    const metrics = link(supply, 'Metrics');
    if (metrics === undefined) continue;
    const id = text(field(supply, 'Id')) ?? path;
    gauges.push({
      device: `${device}/${id}`,
      path: metrics,
      unit: 'watts',
      label: `input of ${id}`,
      extract: (resource) => amount(field(resource, 'InputPowerWatts', 'Reading')),
    });
  }
  return gauges;
}

function legacySupplies(device: string, path: string, power: unknown): Gauge[] {
  return items(field(power, 'PowerSupplies')).map((supply, index) => {
    const id = text(field(supply, 'MemberId')) ?? String(index);
    return {
      device: `${device}/${id}`,
      path,
      unit: 'watts',
      label: `input of ${text(field(supply, 'Name')) ?? id}`,
      extract: (resource) => amount(field(items(field(resource, 'PowerSupplies'))[index], 'PowerInputWatts')),
    };
  });
}

/**
 * How the power of one chassis is read: the first of its own figure by EnvironmentMetrics, by the older Power resource, the
 * inputs of its supplies, and its energy counter. The counter comes last, though it misses nothing between polls: services
 * give it in steps of a tenth or a hundredth of a kWh, which is minutes of a server's energy.
 */
export async function findGauges(device: string, chassis: unknown, fetch: Fetch): Promise<Gauge[]> {
  const environmentPath = link(chassis, 'EnvironmentMetrics');
  const environment = await fetch(environmentPath);
  if (environmentPath !== undefined) {
    const gauge: Gauge = {
      device,
      path: environmentPath,
      unit: 'watts',
      label: 'EnvironmentMetrics',
      extract: (resource) => amount(field(resource, 'PowerWatts', 'Reading')),
    };
    if (works(gauge, environment)) return [gauge];
  }

  const powerPath = link(chassis, 'Power');
  const power = await fetch(powerPath);
  if (powerPath !== undefined) {
    const gauge: Gauge = {
      device,
      path: powerPath,
      unit: 'watts',
      label: 'PowerControl',
      extract: (resource) => amount(field(wholeControl(resource), 'PowerConsumedWatts')),
    };
    if (works(gauge, power)) return [gauge];
  }

  const metrics = await supplyMetrics(device, chassis, fetch);
  const working = await Promise.all(metrics.map(async (gauge) => works(gauge, await fetch(gauge.path))));
  if (working.includes(true)) return metrics;

  const supplies = powerPath === undefined ? [] : legacySupplies(device, powerPath, power);
  if (supplies.some((gauge) => works(gauge, power))) return supplies;

  if (environmentPath === undefined) return [];
  const energy: Gauge = {
    device,
    path: environmentPath,
    unit: 'kilowatt_hours',
    label: 'energy counter',
    extract: (resource) => amount(field(resource, 'EnergykWh', 'Reading')),
  };
  return works(energy, environment) ? [energy] : [];
}
