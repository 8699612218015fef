import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { battery } from './battery.js';
import { cgroup } from './cgroup.js';
import { ebpf, ebpfOptions } from './ebpf.js';
import { hwmon } from './hwmon.js';
import { ipmi } from './ipmi.js';
import { kepler } from './kepler.js';
import { nvidia } from './nvidia.js';
import { perf } from './perf.js';
import { perfPower } from './perf-power.js';
import { proc } from './proc.js';
import { rapl } from './rapl.js';
import { redfish } from './redfish.js';
import { scaphandre } from './scaphandre.js';
import { scpi } from './scpi.js';
import { tdp } from './tdp.js';
import { tegra } from './tegra.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, settings: Settings): Source[] {
  const { sources } = settings;
  return [
    rapl(host),
    perfPower(host),
    perf(host),
    ebpf(host, ebpfOptions(settings)),
    proc(host),
    cgroup(host),
    hwmon(host, sources.hwmon),
    tegra(host),
    battery(host),
    ipmi(host, sources.ipmi),
    redfish(host, sources.redfish),
    scpi(host, sources.scpi),
    nvidia(host, sources.nvidia),
    kepler(host, sources.kepler),
    scaphandre(host, sources.scaphandre),
    tdp(host, sources.tdp),
  ];
}
