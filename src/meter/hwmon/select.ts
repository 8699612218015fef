import type { Host } from '../../base/index.js';
import { DOMAINS, type Domain } from '../../model/index.js';
import { unreadable } from '../sysfs-number.js';
import { amdParts } from './amd-energy.js';
import { type Channel, type Chip, findChips, sensorName } from './chip.js';
import { LEFT_OUT, RULES, type Rule } from './rules.js';

/** Channels that together give the energy or power of one device in one domain. */
export interface Gauge {
  readonly domain: Domain;
  readonly device: string;
  readonly channels: readonly Channel[];
}

export interface LeftOut {
  readonly sensor: string;
  readonly why: string;
}

export interface Selection {
  readonly gauges: readonly Gauge[];
  /** Sensors of energy or power that are not used. */
  readonly leftOut: readonly LeftOut[];
  /** Names of all chips, for saying what there is when nothing measures energy. */
  readonly chips: readonly string[];
}

interface Candidate extends Gauge {
  /** Drivers that measure the same thing twice must not be added: of those for a domain one family is used. */
  readonly family: string;
}

const UNKNOWN = 'nothing says what it measures';

function deviceName(rule: Rule, channel: Channel): string {
  const { name, ordinal } = channel.chip;
  const number = rule.label?.exec(channel.label ?? '')?.[1];
  return (rule.device ?? `${name}-#`).replace('#', /^\d+$/.test(number ?? '') ? `${number}` : `${ordinal}`);
}

function fits(rule: Rule, channel: Channel): boolean {
  return (
    rule.chip.test(channel.chip.name) &&
    (rule.kind === undefined || rule.kind === channel.kind) &&
    (rule.label?.test(channel.label ?? '') ?? true) &&
    (rule.when?.(channel.chip) ?? true)
  );
}

function whyNot({ chip, label }: Channel): string {
  const known = LEFT_OUT.find((row) => row.chip.test(chip.name) && (row.label?.test(label ?? '') ?? true));
  return known?.why ?? UNKNOWN;
}

/** Batteries and chargers show themselves here too, under their own names: the battery source knows when they mean something. */
const isSupply = (chip: Chip): boolean => /^(BAT|CMB|ACAD|ADP|AC)\d*$|battery|[-_]psy[-_]/i.test(chip.name);

function named(sensors: readonly string[], channel: Channel): Candidate | undefined {
  const { chip, kind, index } = channel;
  const names = [sensorName(channel), `${chip.name}/${kind}${index}`];
  const domain = DOMAINS.find((name) => names.some((sensor) => sensors.includes(`${sensor}=${name}`)));
  if (domain === undefined) return undefined;
  const device = `${chip.name}-${chip.ordinal}-${kind}${index}`;
  return { domain, device, channels: [channel], family: 'settings' };
}

/** What the rules make of the channels, in the order of the rules; each channel at most once. */
function byRules(channels: readonly Channel[]): Candidate[] {
  const rows = channels.map((channel) => ({ channel, rule: RULES.find((rule) => fits(rule, channel)) }));
  const found: Candidate[] = [];
  for (const rule of RULES) {
    const devices = new Map<string, Channel[]>();
    for (const row of rows) {
      if (row.rule !== rule) continue;
      const device = deviceName(rule, row.channel);
      const others = devices.get(device);
      if (others === undefined) devices.set(device, [row.channel]);
      else if (rule.adds) others.push(row.channel);
    }
    for (const [device, parts] of devices) {
      const twice = found.some((other) => other.domain === rule.domain && other.device === device);
      if (!twice) found.push({ domain: rule.domain, device, channels: parts, family: rule.chip.source });
    }
  }
  return found;
}

/** Of the candidates for a domain the best family; but graphics cards of different makes stand side by side. */
function withoutRivals(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(
    ({ domain, family }) =>
      domain === 'gpu' || candidates.find((first) => first.domain === domain)?.family === family,
  );
}

/**
 * What to read of all that the hwmon class shows. `sensors` says what some of them measure (`driver/label=domain`) and
 * outweighs what is known of their drivers.
 */
export function selectSensors(host: Host, sensors: readonly string[] = []): Selection {
  const chips = findChips(host).filter((chip) => !isSupply(chip));
  const all = chips.flatMap((chip) => chip.channels);
  const leftOut: LeftOut[] = [];
  const readable = all.filter((channel) => {
    const code = unreadable(channel.path);
    if (code !== undefined) {
      leftOut.push({ sensor: sensorName(channel), why: code === 'EACCES' ? 'permission denied' : code });
    }
    return code === undefined;
  });

  const wanted = readable.flatMap((channel) => named(sensors, channel) ?? []);
  const rest = readable.filter((channel) => !wanted.some((candidate) => candidate.channels[0] === channel));
  const amd = chips
    .filter((chip) => chip.name === 'amd_energy')
    .flatMap((chip) => amdParts(host, { ...chip, channels: chip.channels.filter((c) => rest.includes(c)) }));
  const candidates = [
    ...wanted,
    ...amd.map((part) => ({ ...part, family: 'amd_energy' })),
    ...byRules(rest.filter((channel) => channel.chip.name !== 'amd_energy')),
  ];
  const gauges = withoutRivals(candidates);
  const used = new Set(gauges.flatMap((gauge) => gauge.channels));
  for (const channel of readable) {
    if (used.has(channel)) continue;
    const fit = channel.chip.name === 'amd_energy' || RULES.some((rule) => fits(rule, channel));
    const why = fit ? 'another sensor covers the same part' : whyNot(channel);
    leftOut.push({ sensor: sensorName(channel), why });
  }
  return { gauges, leftOut, chips: chips.map((chip) => chip.name) };
}

export const unknownSensors = (selection: Selection): string[] =>
  selection.leftOut.filter(({ why }) => why === UNKNOWN).map(({ sensor }) => sensor);
