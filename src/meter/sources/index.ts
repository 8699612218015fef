import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Source } from '../source.js';
import { ipmi } from './ipmi.js';
import { rapl } from './rapl.js';
import { redfish } from './redfish.js';
import { scpi } from './scpi.js';

/** Every source there is, not yet opened, in the order in which they are listed. */
export function allSources(host: Host, settings: Settings): Source[] {
  return [
    rapl(host),
    ipmi(host, settings.sources.ipmi),
    redfish(host, settings.sources.redfish),
    scpi(host, settings.sources.scpi),
  ];
}
