import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { kepler } from './kepler.js';
import { rapl } from './rapl.js';
import { scaphandre } from './scaphandre.js';
import { tdp } from './tdp.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, settings: Settings): Source[] {
  return [
    rapl(host),
    kepler(host, settings.sources.kepler),
    scaphandre(host, settings.sources.scaphandre),
    tdp(host, settings.sources.tdp),
  ];
}
