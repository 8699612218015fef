import { type Host, messageOf } from '../../base/index.js';
import type { NodeMonitor, NodeSnapshot } from '../../meter/index.js';
import { exposition } from '../metrics/exposition.js';
import { nodeFamilies } from '../metrics/node-families.js';
import type { MetricFamily, MetricPage } from '../metrics/sample.js';
import { Cadence } from './cadence.js';
import { exportOtlp } from './otlp.js';
import { type Processors, watchProcessors } from './processors.js';
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
  /** Shows processors' idle states, frequencies and throttling too. */
  readonly cpuStates?: boolean;
  /** Told once, when the endpoint answers. */
  readonly onListening: (url: string) => void;
}

/** What the agent needs of the monitor. */
export interface AgentMonitor extends Pick<NodeMonitor, 'tick' | 'close'> {
  /** What else is shown beside the machine's account. */
  readonly families?: () => MetricFamily[];
}

/** An account that was not brought up to date for this many ticks is ill. */
const STALE_TICKS = 5;

/** The latest state of the account, and how it is shown. */
class Account {
  readonly #host: Host;
  readonly #monitor: AgentMonitor;
  readonly #processors: Processors | undefined;
  readonly #options: AgentOptions;
  #snapshot: NodeSnapshot | undefined;
  #tickedAt: number;
  #failure: string | undefined;
  #text: { readonly of: NodeSnapshot; readonly page: string } | undefined;

  constructor(host: Host, monitor: AgentMonitor, processors: Processors | undefined, options: AgentOptions) {
    this.#host = host;
    this.#monitor = monitor;
    this.#processors = processors;
    this.#options = options;
    this.#tickedAt = host.clock.now();
  }

  tick(): void {
    try {
      this.#snapshot = this.#monitor.tick();
      this.#tickedAt = this.#host.clock.now();
      this.#failure = undefined;
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure) {
        this.#host.log.error('the account could not be brought up to date', { error: failure });
      }
      this.#failure = failure;
    }
  }

  /** Undefined when all is well, else what is wrong. */
  ailment(): string | undefined {
    const age = this.#host.clock.now() - this.#tickedAt;
    if (age <= STALE_TICKS * this.#options.intervalSeconds) return undefined;
    const why = this.#failure === undefined ? '' : `: ${this.#failure}`;
    return `the last tick was ${age.toFixed(1)} s ago${why}`;
  }

  /** Undefined before the first tick, and when the last one is too old to be told as of now. */
  page(): MetricPage | undefined {
    if (this.#snapshot === undefined || this.ailment() !== undefined) return undefined;
    const node = nodeFamilies(this.#snapshot, this.#options.version);
    const functions = this.#monitor.families?.() ?? [];
    const families = [...node, ...functions, ...(this.#processors?.families() ?? [])];
    return { time: this.#snapshot.time, families };
  }

  /** The page as text, written once a tick however many ask for it. */
  text(): string {
    if (this.#snapshot && this.#text?.of === this.#snapshot) return this.#text.page;
    const page = exposition(this.page()?.families ?? []);
    if (this.#snapshot) this.#text = { of: this.#snapshot, page };
    return page;
  }
}

/** Keeps the node's account and shows it, until the signal. Closes the monitor at the end. */
export async function runAgent(
  host: Host,
  monitor: AgentMonitor,
  options: AgentOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = host;
  const { intervalSeconds, version } = options;
  let processors: Processors | undefined;
  let server: Awaited<ReturnType<typeof serveMetrics>> | undefined;
  let otlp: Awaited<ReturnType<typeof exportOtlp>> | undefined;
  try {
    processors = options.cpuStates ? watchProcessors(host) : undefined;
    const account = new Account(host, monitor, processors, options);
    server = await serveMetrics(options.listen, {
      text: () => account.text(),
      ailment: () => account.ailment(),
      log,
    });
    const { endpoint, headers, intervalSeconds: seconds } = options.otlp;
    if (endpoint !== undefined) {
      const target = { endpoint, headers, intervalSeconds: seconds, version };
      otlp = await exportOtlp(host, () => account.page(), target);
    }
    options.onListening(server.url);
    // On full seconds, or what the interval is, of the wall clock: ticks of the functions' account lie there too.
    const cadence = new Cadence(clock, intervalSeconds, clock.now() - (clock.wall() % intervalSeconds));
    while (!signal.aborted) {
      await cadence.next(signal);
      // Also when it is told to end: what was drawn up to then belongs to the last export.
      account.tick();
    }
  } finally {
    await otlp?.close();
    await server?.close();
    processors?.close();
    await monitor.close();
  }
}
