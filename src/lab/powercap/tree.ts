import { join, relative, resolve } from 'node:path';
import { type Host, listIfAny } from '../../base/index.js';
import type { ClaimedFolder } from './claimed-folder.js';
import { NumberFile } from './number-file.js';
import type { Zone } from './zones.js';

const MICROWATTS = 1_000_000;
const DEVICES = ['devices', 'virtual', 'powercap'];
const CLASS = ['class', 'powercap'];

/** A folder of which one branch is ours: real along the branch, links to the real tree beside it. */
function mirrorAround(folder: ClaimedFolder, sysfs: string, branch: readonly string[]): void {
  branch.forEach((own, depth) => {
    const above = branch.slice(0, depth);
    folder.folder(...above, own);
    const next = branch[depth + 1];
    if (next === undefined) return;
    for (const entry of listIfAny(join(sysfs, ...above, own))) {
      if (entry !== next) folder.link(join(sysfs, ...above, own, entry), ...above, own, entry);
    }
  });
}

/** The power limits that a package zone has; they are there to be seen, and limit nothing. */
function writeConstraints(folder: ClaimedFolder, at: readonly string[], maxWatts: number): void {
  const limits = [
    { name: 'long_term', seconds: 28, factor: 1 },
    { name: 'short_term', seconds: 0.00244, factor: 1.2 },
  ];
  limits.forEach(({ name, seconds, factor }, index) => {
    const put = (what: string, value: string | number) =>
      folder.file(`${value}\n`, ...at, `constraint_${index}_${what}`);
    put('name', name);
    put('power_limit_uw', Math.round(maxWatts * factor * MICROWATTS));
    put('time_window_us', Math.round(seconds * 1e6));
    put('max_power_uw', index === 0 ? Math.round(maxWatts * MICROWATTS) : 0);
  });
}

/**
 * Writes the tree as the kernel lays it out: zones nested below devices/virtual/powercap, and each of them linked from
 * class/powercap. All else in sysfs is linked, so that a host rooted here still finds its processors and control groups.
 * Returns the counters' files, in the order of the zones.
 */
export function writeTree(
  folder: ClaimedFolder,
  host: Host,
  zones: readonly Zone[],
  starts: readonly bigint[],
  maxWatts: number,
): NumberFile[] {
  const sysfs = resolve(host.sysfs);
  for (const entry of listIfAny(sysfs)) {
    if (entry !== 'class' && entry !== 'devices') folder.link(join(sysfs, entry), entry);
  }
  mirrorAround(folder, sysfs, DEVICES);
  mirrorAround(folder, sysfs, CLASS);
  const types = [...new Set(zones.map((zone) => zone.path[0] ?? ''))];
  for (const type of types) {
    folder.folder(...DEVICES, type);
    folder.file('1\n', ...DEVICES, type, 'enabled');
    folder.file('', ...DEVICES, type, 'uevent');
  }
  const files = zones.map((zone, index) => {
    const at = [...DEVICES, ...zone.path];
    const path = folder.folder(...at);
    folder.file(`${zone.name}\n`, ...at, 'name');
    folder.file('1\n', ...at, 'enabled');
    folder.file('', ...at, 'uevent');
    folder.file(`${zone.range}\n`, ...at, 'max_energy_range_uj');
    folder.link(relative(path, join(folder.root, ...CLASS)), ...at, 'subsystem');
    if (zone.domain === 'package') writeConstraints(folder, at, maxWatts);
    return new NumberFile(folder.place(...at, 'energy_uj'), starts[index] ?? 0n);
  });
  // Last, so that whoever looks by class finds whole zones only.
  for (const path of [...types.map((type) => [type]), ...zones.map((zone) => zone.path)]) {
    folder.link(join('..', '..', ...DEVICES, ...path), ...CLASS, path.at(-1) ?? '');
  }
  return files;
}
