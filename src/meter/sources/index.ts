import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { battery } from './battery.js';
import { hwmon } from './hwmon.js';
import { nvidia } from './nvidia.js';
import { rapl } from './rapl.js';
import { tegra } from './tegra.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, settings: Settings): Source[] {
  return [
    rapl(host),
    hwmon(host, settings.sources.hwmon),
    tegra(host),
    battery(host),
    nvidia(host, settings.sources.nvidia),
  ];
}
