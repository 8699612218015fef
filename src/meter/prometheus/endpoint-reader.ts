import type { Host } from '../../base/index.js';
import { parseExposition } from './exposition-parser.js';
import { type Fetch, fetchText, publicUrl } from './http.js';
import type { SampleReader, TimedSample } from './samples.js';

export interface EndpointOptions {
  readonly url: URL;
  readonly fetch: Fetch;
  readonly timeoutSeconds: number;
  readonly who: string;
  /** Only metrics whose names begin so are kept: exporters list a line a process. */
  readonly prefixes: readonly string[];
}

const ACCEPT = 'text/plain;version=0.0.4';
const INTERVAL_SECONDS = 1;

/** Samples from an exporter's own page. */
export function endpointReader(host: Host, options: EndpointOptions): SampleReader {
  const where = publicUrl(options.url);
  let faultsBefore = 0;
  return {
    where,
    interval: INTERVAL_SECONDS,
    async read(): Promise<TimedSample[]> {
      const page = await fetchText(options.url, { ...options, accept: ACCEPT });
      // Exporters read their counters when they are asked: the answer's arrival is the nearest to that moment.
      const at = host.clock.now();
      const { samples, faults } = parseExposition(page);
      const [fault] = faults;
      if (fault !== undefined && faults.length !== faultsBefore) {
        const fields = { where, line: fault.line, reason: fault.reason, lines: faults.length };
        host.log.warn(`${options.who}: lines of the metrics page left out`, fields);
      }
      faultsBefore = faults.length;
      return samples
        .filter((sample) => options.prefixes.some((prefix) => sample.name.startsWith(prefix)))
        .map(({ name, labels, value }) => ({ name, labels, value, at }));
    },
  };
}
