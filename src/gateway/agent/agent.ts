import { type Host, messageOf } from '../../base/index.js';
import type { NodeMonitor, NodeSnapshot } from '../../meter/index.js';
import { nodeFamilies } from '../metrics/node-families.js';
import type { MetricFamily } from '../metrics/sample.js';
import { exportOtlp } from './otlp.js';
import { serveMetrics } from './server.js';

export interface AgentOptions {
  /** `host:port` of the metrics endpoint. */
  readonly listen: string;
  readonly intervalSeconds: number;
  readonly version: string;
  readonly otlp: {
    readonly endpoint?: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly intervalSeconds: number;
  };
  /** Told once, when the endpoint answers. */
  readonly onListening: (url: string) => void;
}

/** An account that was not brought up to date for this many ticks is ill. */
const STALE_TICKS = 5;

/** Keeps the node's account and shows it, until the signal. Closes the monitor at the end. */
export async function runAgent(
  host: Host,
  monitor: NodeMonitor,
  options: AgentOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = host;
  const { intervalSeconds, version } = options;
  let snapshot: NodeSnapshot | undefined;
  let tickedAt = clock.now();
  let failure: string | undefined;
  const tick = (): void => {
    try {
      snapshot = monitor.tick();
      tickedAt = clock.now();
      failure = undefined;
    } catch (error) {
      failure = messageOf(error);
      log.error('the account could not be brought up to date', { error: failure });
    }
  };
  const families = (): MetricFamily[] => (snapshot ? nodeFamilies(snapshot, version) : []);
  const ailment = (): string | undefined => {
    const age = clock.now() - tickedAt;
    if (age <= STALE_TICKS * intervalSeconds) return undefined;
    return `the last tick was ${age.toFixed(1)} s ago${failure === undefined ? '' : `: ${failure}`}`;
  };
  let server: Awaited<ReturnType<typeof serveMetrics>> | undefined;
  let otlp: Awaited<ReturnType<typeof exportOtlp>> | undefined;
  try {
    server = await serveMetrics(options.listen, { families, ailment });
    const { endpoint, headers, intervalSeconds: seconds } = options.otlp;
    if (endpoint !== undefined)
      otlp = await exportOtlp(families, { endpoint, headers, intervalSeconds: seconds, version });
    options.onListening(server.url);
    let due = clock.now();
    while (!signal.aborted) {
      // Late ticks are not made up for: the next one accounts for all the time since the last.
      due = Math.max(due + intervalSeconds, clock.now());
      await clock.sleep(due - clock.now(), signal);
      tick();
    }
  } finally {
    await otlp?.close().catch((error: unknown) => {
      log.warn('the last OTLP export failed', { error: messageOf(error) });
    });
    await server?.close();
    await monitor.close();
  }
}
