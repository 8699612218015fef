import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { cgroup } from './cgroup.js';
import { perf } from './perf.js';
import { perfPower } from './perf-power.js';
import { proc } from './proc.js';
import { rapl } from './rapl.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, _settings: Settings): Source[] {
  return [rapl(host), perfPower(host), perf(host), proc(host), cgroup(host)];
}
