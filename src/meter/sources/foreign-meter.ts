import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import type { EnergyReading, Provenance, Settings } from '../../model/index.js';
import { endpointReader } from '../prometheus/endpoint-reader.js';
import { type Figure, FigureLedger } from '../prometheus/figures.js';
import { type Fetch, parseUrl } from '../prometheus/http.js';
import { queryReader } from '../prometheus/query-reader.js';
import type { SampleReader, TimedSample } from '../prometheus/samples.js';
import { type Availability, type PolledEnergySource, unusable, usable } from '../source.js';

/** What is peculiar to one program that meters energy and shows it as Prometheus metrics. */
export interface ForeignMeterKind {
  readonly name: 'kepler' | 'scaphandre';
  readonly title: string;
  readonly prefixes: readonly string[];
  /** Where it listens unless it is told otherwise. */
  readonly usualUrl: string;
  readonly figures: (samples: readonly TimedSample[]) => Figure[];
  /** Whether the meter had no counter of its own and shows what a model says. */
  readonly isModelled: (samples: readonly TimedSample[]) => boolean;
}

export type ForeignMeterSettings = Settings['sources']['kepler'];

// Both read RAPL, so they are no better than it is; see the source of that name.
const MEASURED_UNCERTAINTY = 0.05;
// A model that was trained on another machine.
const MODELLED_UNCERTAINTY = 0.3;

/** Which machine a series speaks of. A pod's `instance` changes with every restart; the node's name does not. */
const nodeOf = ({ labels }: TimedSample): string =>
  labels.node_name ?? labels.exported_instance ?? labels.instance ?? '';

/** A meter of someone else's, read from its metrics page or from the Prometheus that scrapes it. */
export class ForeignMeter implements PolledEnergySource {
  readonly name: ForeignMeterKind['name'];
  readonly title: string;
  readonly yields = 'energy';
  readonly instant = false;
  readonly #kind: ForeignMeterKind;
  readonly #host: Host;
  readonly #settings: ForeignMeterSettings;
  readonly #fetch: Fetch;
  #open: { readonly reader: SampleReader; readonly ledger: FigureLedger } | undefined;
  #modelled = false;

  constructor(kind: ForeignMeterKind, host: Host, settings: ForeignMeterSettings, fetch: Fetch) {
    this.name = kind.name;
    this.title = kind.title;
    this.#kind = kind;
    this.#host = host;
    this.#settings = settings;
    this.#fetch = fetch;
  }

  get provenance(): Provenance {
    return this.#modelled ? 'modelled' : 'measured';
  }

  get uncertainty(): number {
    return this.#modelled ? MODELLED_UNCERTAINTY : MEASURED_UNCERTAINTY;
  }

  get interval(): number {
    return this.#settings.interval_seconds ?? (this.#settings.prometheus === undefined ? 1 : 5);
  }

  async probe(): Promise<Availability> {
    try {
      const reader = this.#reader();
      const samples = await reader.read();
      const figures = this.#interpret(samples, reader);
      const note = this.#kind.isModelled(samples)
        ? `${this.name} has no energy counter there and shows its own model's figures`
        : undefined;
      return usable([...new Set(figures.map(({ domain }) => domain))], note);
    } catch (error) {
      if (error instanceof WattloopError) return unusable(error.message, error.remedy ?? 'See its log');
      return unusable(`${this.name}: ${String(error)}`, 'Run with --debug to see where it comes from');
    }
  }

  async open(): Promise<void> {
    const reader = this.#reader();
    const ledger = new FigureLedger();
    const samples = await reader.read();
    const figures = this.#interpret(samples, reader);
    this.#modelled = this.#kind.isModelled(samples);
    // Counters count from here. Gauges of this first look are dropped: Scaphandre's are means since it was last asked,
    // which after its start are tens of kilowatts.
    ledger.take(figures, (fault) => this.#warn(reader, fault));
    this.#open = { reader, ledger };
  }

  async read(): Promise<EnergyReading[]> {
    const open = this.#open;
    if (open === undefined) {
      throw new WattloopError(ErrorCode.internal, `${this.name}: read before open`);
    }
    const samples = await open.reader.read();
    return open.ledger.take(this.#interpret(samples, open.reader), (fault) => this.#warn(open.reader, fault));
  }

  async close(): Promise<void> {
    this.#open = undefined;
  }

  #warn(reader: SampleReader, fault: { what: string; domain: string; device: string; value: number }): void {
    const { what, ...fields } = fault;
    const message = what === 'reset' ? 'counter started anew' : 'value that cannot be true left out';
    this.#host.log.warn(`${this.name}: ${message}`, { ...fields, where: reader.where });
  }

  #reader(): SampleReader {
    const { name, prefixes, usualUrl } = this.#kind;
    const { url, prometheus, instance, timeout_seconds: timeoutSeconds } = this.#settings;
    const setting = `sources.${name}`;
    const options = { fetch: this.#fetch, timeoutSeconds, who: name, prefixes };
    if (url !== undefined && prometheus !== undefined) {
      throw new WattloopError(ErrorCode.badConfiguration, `${setting} has both url and prometheus`, {
        remedy: 'Set url for its own metrics page, or prometheus for a server that scrapes it',
      });
    }
    if (url !== undefined) {
      return endpointReader(this.#host, { ...options, url: parseUrl(url, `${setting}.url`) });
    }
    if (prometheus !== undefined) {
      const server = parseUrl(prometheus, `${setting}.prometheus`);
      return queryReader(this.#host, { ...options, url: server, instance });
    }
    throw new WattloopError(ErrorCode.sourceUnavailable, `no ${name} is named in the settings`, {
      remedy: `Where ${name} runs, set ${setting}.url (usually ${usualUrl}) or ${setting}.prometheus`,
    });
  }

  /** The figures of the one node there, oldest first. Throws where there is none, or more than one. */
  #interpret(samples: readonly TimedSample[], reader: SampleReader): Figure[] {
    const { name, prefixes, figures } = this.#kind;
    const byNode = new Map<string, TimedSample[]>();
    for (const sample of [...samples].sort((a, b) => a.at - b.at)) {
      const node = nodeOf(sample);
      const some = byNode.get(node);
      if (some) some.push(sample);
      else byNode.set(node, [sample]);
    }
    // Series without energy (build information and the like) may name no node, or another.
    const nodes = [...byNode].flatMap(([node, some]) => {
      const found = figures(some);
      return found.length === 0 ? [] : [{ node, found }];
    });
    const [first, ...others] = nodes;
    if (first === undefined) {
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `${name}: no energy of a node at ${reader.where}`,
        {
          remedy: `Check that ${name} runs and finds its sensors; its page should have lines that begin with ${prefixes[0]}`,
        },
      );
    }
    if (others.length === 0) return first.found;
    const some = nodes.slice(0, 5).map(({ node }) => node);
    throw new WattloopError(
      ErrorCode.badConfiguration,
      `${name}: ${reader.where} knows ${nodes.length} nodes: ${some.join(', ')}${nodes.length > 5 ? ', …' : ''}`,
      {
        remedy: `Set sources.${name}.instance to this machine's, such as ${name === 'kepler' ? 'node_name="worker-1"' : '10.0.0.1:8080'}`,
      },
    );
  }
}
