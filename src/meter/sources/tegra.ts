import type { Host } from '../../base/index.js';
import type { EnergySource } from '../source.js';
import { TegraBySysfs } from '../tegra/by-sysfs.js';
import { TegraByTegrastats, type TegraOptions } from '../tegra/by-tegrastats.js';
import { findRails } from '../tegra/ina3221.js';

/** A Jetson board's rails: from the kernel where it shows them, else from NVIDIA's tegrastats. */
export function tegra(host: Host, options: TegraOptions = {}): EnergySource {
  return findRails(host).length > 0 ? new TegraBySysfs(host) : new TegraByTegrastats(host, options);
}
