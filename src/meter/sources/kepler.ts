import type { Host } from '../../base/index.js';
import type { Fetch } from '../prometheus/http.js';
import type { PolledEnergySource } from '../source.js';
import { ForeignMeter, type ForeignMeterSettings } from './foreign-meter.js';
import { KEPLER_PREFIXES, keplerFigures, keplerIsModelled } from './kepler-figures.js';

/** The node's energy as Kepler (Kubernetes-based Efficient Power Level Exporter) measures it. */
export const kepler = (
  host: Host,
  settings: ForeignMeterSettings,
  fetch: Fetch = globalThis.fetch,
): PolledEnergySource =>
  new ForeignMeter(
    {
      name: 'kepler',
      title: "Kepler's node counters, from its metrics page or by Prometheus",
      prefixes: KEPLER_PREFIXES,
      usualUrl: 'http://127.0.0.1:28282/metrics; before 0.10 http://127.0.0.1:9102/metrics',
      figures: keplerFigures,
      isModelled: keplerIsModelled,
    },
    host,
    settings,
    fetch,
  );
