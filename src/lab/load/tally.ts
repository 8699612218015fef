import { LogHistogram } from '../../maths/index.js';
import {
  type LatencyFigures,
  type LatencyPoint,
  LOAD_FAILURES,
  type LoadFailure,
  type LoadFigures,
} from '../../model/index.js';
import type { Call } from './call.js';

const NOT_FOUND = 404;
const TOO_MANY = 429;

/** Why an answer counts as failed; undefined when it is a good one. */
function failureOf(status: number): LoadFailure | undefined {
  if (status < 400) return undefined;
  if (status >= 500) return 'server_error';
  return status === NOT_FOUND ? 'not_found' : status === TOO_MANY ? 'too_many' : 'client_error';
}

export function latencyFigures(histogram: LogHistogram): LatencyFigures | undefined {
  const { count, mean, min, max } = histogram;
  if (mean === undefined || min === undefined || max === undefined) return undefined;
  const quantile = (q: number): number => histogram.quantile(q) ?? max;
  return {
    count,
    mean,
    min,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max,
  };
}

const POINTS_BY_NINE = 8;

/** Quantiles of both latencies, as many between 90 % and 99 % as between 99 % and 99.9 %. */
export function latencyCurve(latency: LogHistogram, service: LogHistogram): LatencyPoint[] {
  const points: LatencyPoint[] = [];
  if (latency.count === 0) return points;
  for (let step = 0; ; step++) {
    const beyond = 10 ** (-step / POINTS_BY_NINE);
    const isLast = beyond * latency.count < 1;
    const part = isLast ? 1 : 1 - beyond;
    points.push({ part, latency: latency.quantile(part) ?? 0, service: service.quantile(part) ?? 0 });
    if (isLast) return points;
  }
}

/** What is counted of the calls of one target: always the same memory. */
export class Tally {
  readonly latency = new LogHistogram();
  readonly service = new LogHistogram();
  readonly #failures = Object.fromEntries(LOAD_FAILURES.map((name) => [name, 0])) as Record<
    LoadFailure,
    number
  >;
  readonly #statuses = new Map<number, number>();
  #due = 0;
  #sent = 0;
  #done = 0;
  #unfinished = 0;
  #requestBytes = 0;
  #responseBytes = 0;
  #cold = 0;
  #joules = 0;
  #told = 0;

  sent(requestBytes: number): void {
    this.#due++;
    this.#sent++;
    this.#requestBytes += requestBytes;
  }

  /** Was due so long ago that nobody would wait for it any more. */
  unsent(waitedSeconds: number): void {
    this.#due++;
    this.#failures.unsent++;
    this.latency.record(waitedSeconds);
  }

  unfinished(): void {
    this.#unfinished++;
  }

  /** Whether the call was done. */
  ended(call: Call, at: number): boolean {
    const { status, dueAt, sentAt, joules } = call;
    this.#responseBytes += call.bytes;
    if (status > 0) this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const failure = call.failure ?? failureOf(status);
    if (failure === undefined) this.#done++;
    else this.#failures[failure]++;
    if (call.cold) this.#cold++;
    if (joules >= 0 && Number.isFinite(joules)) {
      this.#joules += joules;
      this.#told++;
    }
    // An answer that only says no tells nothing of how long work takes; a call that was given up took at least so long.
    if (failure === undefined || failure === 'timeout') {
      this.latency.record(at - dueAt);
      this.service.record(at - sentAt);
    }
    return failure === undefined;
  }

  add(other: Tally): void {
    this.latency.add(other.latency);
    this.service.add(other.service);
    for (const name of LOAD_FAILURES) this.#failures[name] += other.#failures[name];
    for (const [status, count] of other.#statuses)
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + count);
    this.#due += other.#due;
    this.#sent += other.#sent;
    this.#done += other.#done;
    this.#unfinished += other.#unfinished;
    this.#requestBytes += other.#requestBytes;
    this.#responseBytes += other.#responseBytes;
    this.#cold += other.#cold;
    this.#joules += other.#joules;
    this.#told += other.#told;
  }

  figures(seconds: number): LoadFigures {
    const failures = { ...this.#failures };
    return {
      due: this.#due,
      sent: this.#sent,
      done: this.#done,
      failed: LOAD_FAILURES.reduce((sum, name) => sum + failures[name], 0),
      failures,
      statuses: Object.fromEntries([...this.#statuses].sort(([a], [b]) => a - b)),
      unfinished: this.#unfinished,
      perSecond: seconds > 0 ? this.#done / seconds : 0,
      latency: latencyFigures(this.latency),
      service: latencyFigures(this.service),
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      cold: this.#cold,
      energy:
        this.#told === 0
          ? undefined
          : { calls: this.#told, joules: this.#joules, joulesPerCall: this.#joules / this.#told },
      footprint: undefined,
    };
  }
}
