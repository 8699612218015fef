import type { Host } from '../../base/index.js';
import type { Fetch } from '../prometheus/http.js';
import type { PolledEnergySource } from '../source.js';
import { ForeignMeter, type ForeignMeterSettings } from './foreign-meter.js';
import { SCAPHANDRE_PREFIXES, scaphandreFigures } from './scaphandre-figures.js';

/** The node's energy as Scaphandre measures it. */
export const scaphandre = (
  host: Host,
  settings: ForeignMeterSettings,
  fetch: Fetch = globalThis.fetch,
): PolledEnergySource =>
  new ForeignMeter(
    {
      name: 'scaphandre',
      title: "Scaphandre's host and socket counters, from its metrics page or by Prometheus",
      prefixes: SCAPHANDRE_PREFIXES,
      usualUrl: 'http://127.0.0.1:8080/metrics',
      figures: scaphandreFigures,
      // In a virtual machine it shows the share that its twin on the host gives it, which is measured there.
      isModelled: () => false,
    },
    host,
    settings,
    fetch,
  );
