import type { Domain } from '../../model/index.js';
import type { Figure } from '../prometheus/figures.js';
import type { TimedSample } from '../prometheus/samples.js';

/** The beginnings of every node metric that is read here. */
export const KEPLER_PREFIXES = ['kepler_node_', 'kepler_platform_watts'] as const;

// Before 0.10 a metric a component, split into modes that add up; `other` (what is left of the platform) is not read.
const OLD_NAME = /^kepler_node_(package|core|uncore|dram|platform|gpu)_joules_total$/;
const OLD_MODES = new Set([undefined, 'dynamic', 'idle']);
const ZONES = new Set<string>(['package', 'core', 'uncore', 'dram', 'psys']);

const isZone = (name: string): name is Domain => ZONES.has(name);

function oldFigure({ name, labels, value, at }: TimedSample): Figure | undefined {
  const component = OLD_NAME.exec(name)?.[1];
  if (component === undefined || !OLD_MODES.has(labels.mode)) return undefined;
  const counter = { kind: 'counter', series: labels.mode ?? '', total: value, at } as const;
  if (component === 'platform') return { ...counter, domain: 'system', device: 'platform' };
  if (component === 'gpu') {
    return {
      ...counter,
      domain: 'gpu',
      device: `gpu-${labels.gpu_id ?? labels.index ?? labels.package ?? '0'}`,
    };
  }
  return isZone(component)
    ? { ...counter, domain: component, device: `package-${labels.package ?? '0'}` }
    : undefined;
}

/** `…/intel-rapl:0:1` belongs to package 0; zones of several packages come summed as `aggregated-package`. */
function deviceOf(zone: string, path: string | undefined): string {
  if (zone === 'psys') return 'psys';
  const base = path?.split('/').at(-1) ?? '';
  const index = /^intel-rapl(?:-mmio)?:(\d+)/.exec(base)?.[1];
  if (index !== undefined) return `package-${index}`;
  return base === '' || base.startsWith('aggregated-') ? 'all' : base;
}

function newFigure({ name, labels, value, at }: TimedSample): Figure | undefined {
  if (name === 'kepler_node_cpu_joules_total') {
    const zone = (labels.zone ?? '').replace(/-\d+$/, '');
    return isZone(zone)
      ? { kind: 'counter', domain: zone, device: deviceOf(zone, labels.path), series: '', total: value, at }
      : undefined;
  }
  if (name === 'kepler_node_gpu_watts') {
    return { kind: 'power', domain: 'gpu', device: `gpu-${labels.gpu ?? '0'}`, watts: value, at };
  }
  if (name === 'kepler_platform_watts') {
    return { kind: 'power', domain: 'system', device: labels.chassis_id ?? 'platform', watts: value, at };
  }
  return undefined;
}

/**
 * A chassis may list several power controls, of which the first is the whole and the others are parts of it: adding
 * them would count energy twice.
 */
function withoutParts(samples: readonly TimedSample[]): TimedSample[] {
  const first = new Map<string, string>();
  return samples.filter(({ name, labels }) => {
    if (name !== 'kepler_platform_watts') return true;
    const chassis = labels.chassis_id ?? '';
    const control = labels.power_control_id ?? '';
    if (!first.has(chassis)) first.set(chassis, control);
    return first.get(chassis) === control;
  });
}

/**
 * The node's energies on Kepler's page, of either generation of names. From 0.10 on the active and idle counters are
 * parts of the total and are not read. The older page lists components that it can't measure with 0 J: those are absent.
 */
export function keplerFigures(samples: readonly TimedSample[]): Figure[] {
  const current = withoutParts(samples).flatMap((sample) => newFigure(sample) ?? []);
  if (current.length > 0) return current;
  const old = samples.flatMap((sample) => oldFigure(sample) ?? []);
  const key = ({ domain, device }: Figure): string => `${domain} ${device}`;
  const alive = new Set(old.filter((f) => f.kind === 'counter' && f.total > 0).map(key));
  return old.filter((figure) => alive.has(key(figure)));
}

/** Whether Kepler itself had no counter and fell back on a trained model, as it does in virtual machines. */
export function keplerIsModelled(samples: readonly TimedSample[]): boolean {
  return samples.some(
    ({ name, labels }) => OLD_NAME.test(name) && /estimat|model|regress/i.test(labels.source ?? ''),
  );
}
