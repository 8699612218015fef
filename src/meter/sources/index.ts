import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { ebpf, ebpfOptions } from './ebpf.js';
import { rapl } from './rapl.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, settings: Settings): Source[] {
  return [rapl(host), ebpf(host, ebpfOptions(settings))];
}
