import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';

/** One energy counter (µJ) or power gauge (µW) of a chip. */
export interface Channel {
  readonly chip: Chip;
  readonly kind: 'energy' | 'power';
  readonly index: number;
  /** What the driver or the board's description calls it; absent where nobody named it. */
  readonly label: string | undefined;
  readonly path: string;
}

export interface Chip {
  readonly path: string;
  /** The driver's name for it: `amd_energy`, `power_meter`, `amdgpu`. */
  readonly name: string;
  /** Counts chips of the same name from 0, in the order of their hwmon numbers. */
  readonly ordinal: number;
  readonly channels: readonly Channel[];
}

const VALUE = /^(energy|power)(\d+)_(input|average)$/;

/** `amd_energy/Esocket0`, or `ina226/power1` where there is no label. */
export function sensorName(channel: Channel): string {
  return `${channel.chip.name}/${channel.label ?? `${channel.kind}${channel.index}`}`;
}

function channelsOf(chip: Chip): Channel[] {
  // Drivers of before Linux 4 (and the ACPI meter for long after) keep the attributes in the parent device's folder.
  const folder = [chip.path, join(chip.path, 'device')].find((place) =>
    listIfAny(place).some((file) => VALUE.test(file)),
  );
  if (folder === undefined) return [];
  const found = new Map<string, Channel>();
  // Sorted, `average` comes before `input`, which takes its place: reading an average may wait for its interval to end.
  for (const file of listIfAny(folder)) {
    const [, kind, index] = VALUE.exec(file) ?? [];
    if (kind !== 'energy' && kind !== 'power') continue;
    const labels = [
      join(folder, `${kind}${index}_label`),
      join(folder, `${kind}${index}_oem_info`),
      join(chip.path, 'label'),
    ];
    const label = labels.map((path) => readTextIfAny(path)?.trim()).find((text) => text);
    found.set(`${kind}${index}`, { chip, kind, index: Number(index), label, path: join(folder, file) });
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** Every chip in the hwmon class that has a name, those without energy or power channels included. */
export function findChips(host: Host): Chip[] {
  const place = host.sys('class/hwmon');
  const numbers = listIfAny(place).flatMap((entry) => /^hwmon(\d+)$/.exec(entry)?.[1] ?? []);
  const seen = new Map<string, number>();
  return numbers
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((number) => {
      const path = join(place, `hwmon${number}`);
      const name = chipName(path);
      if (!name) return [];
      const ordinal = seen.get(name) ?? 0;
      seen.set(name, ordinal + 1);
      const channels: Channel[] = [];
      const chip: Chip = { path, name, ordinal, channels };
      channels.push(...channelsOf(chip));
      return [chip];
    });
}

export function chipName(path: string): string | undefined {
  return (readTextIfAny(join(path, 'name')) ?? readTextIfAny(join(path, 'device/name')))?.trim();
}
