import type { Host } from '../../../base/index.js';
import type { SampleReader } from '../../../meter/index.js';
import type { Recognition } from '../rules/recognition.js';
import { type CounterStep, CounterSteps } from './counter-steps.js';
import type { FeedSink, InvocationFeed } from './feed.js';
import { Polling } from './polling.js';

/** What OpenFaaS' gateway counts: https://docs.openfaas.com/architecture/metrics/ */
const CALLS = 'gateway_function_invocation_total';
const SECONDS = 'gateway_functions_seconds_sum';
export const OPENFAAS_METRICS: readonly string[] = [
  'gateway_function_invocation_total',
  'gateway_functions_seconds',
];

const DEFAULT_NAMESPACE = '.openfaas-fn';
const SERVER_ERROR = 500;

interface Sums {
  done: number;
  failed: number;
  seconds: number | undefined;
  at: number;
}

/** Calls of OpenFaaS' functions from the counters of its gateway. */
export class OpenFaasFeed implements InvocationFeed {
  readonly name = 'openfaas';
  readonly isOfCluster = true;
  readonly lateSeconds: number;
  readonly #host: Host;
  readonly #reader: SampleReader;
  readonly #polling: Polling;
  readonly #steps = new CounterSteps();
  #sink: FeedSink | undefined;
  #readAt: number | undefined;

  constructor(host: Host, reader: SampleReader, intervalSeconds = reader.interval) {
    this.#host = host;
    this.#reader = reader;
    this.lateSeconds = intervalSeconds + 1;
    this.#polling = new Polling(host, `OpenFaaS at ${reader.where}`, intervalSeconds, () => this.#poll());
  }

  open(sink: FeedSink): Promise<void> {
    this.#sink = sink;
    return this.#polling.open();
  }

  close(): Promise<void> {
    return this.#polling.close();
  }

  covers({ platform }: Recognition): boolean {
    return platform === 'openfaas';
  }

  ailment(): string | undefined {
    return this.#polling.failure;
  }

  async #poll(): Promise<void> {
    const samples = await this.#reader.read();
    const { clock } = this.#host;
    const now = clock.now();
    // Samples have the monotonic time at which they were true.
    const toEpoch = clock.wall() - now;
    const from = this.#readAt ?? now;
    const wanted = samples.filter(({ name }) => name === CALLS || name === SECONDS);
    const byFunction = sumsOf(this.#steps.take(wanted));
    let latest = from;
    for (const [name, { done, failed, seconds, at }] of byFunction) {
      const to = Math.max(at, from);
      latest = Math.max(latest, to);
      this.#sink?.counted({
        function: name,
        from: from + toEpoch,
        to: to + toEpoch,
        done,
        failed,
        seconds,
      });
    }
    this.#readAt = Math.max(latest, ...wanted.map(({ at }) => at));
  }
}

/** `figlet.openfaas-fn` is called `figlet` wherever it is the only namespace. */
const nameOf = (label: string): string =>
  label.endsWith(DEFAULT_NAMESPACE) ? label.slice(0, -DEFAULT_NAMESPACE.length) : label;

function sumsOf(steps: readonly CounterStep[]): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { sample, growth } of steps) {
    const label = sample.labels.function_name;
    if (!label) continue;
    const name = nameOf(label);
    const sum = sums.get(name) ?? { done: 0, failed: 0, seconds: undefined, at: sample.at };
    sums.set(name, sum);
    sum.at = Math.max(sum.at, sample.at);
    if (sample.name === SECONDS) sum.seconds = (sum.seconds ?? 0) + growth;
    else if (Number(sample.labels.code) >= SERVER_ERROR) sum.failed += growth;
    else sum.done += growth;
  }
  return sums;
}
