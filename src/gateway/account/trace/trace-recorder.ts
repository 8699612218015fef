import { type Logger, messageOf } from '../../../base/index.js';
import { type StreamedInvocation, TraceStream } from '../../../lab/index.js';
import type { TraceDescription } from '../../../model/index.js';
import type { OpenCall } from '../calls/running-call.js';
import type { Settlement } from '../core/settle.js';

/** Windows follow one another to this part of a second, unless the clock was set. */
const SEAM_SECONDS = 1e-3;

/** Writes what is settled as a trace directory: whole windows, which begin and end where the account's own do. */
export class TraceRecorder {
  readonly #stream: TraceStream;
  readonly #log: Logger;
  /** Seconds since 1970 at which the trace begins, and up to which it is written. */
  #start: number | undefined;
  #until = 0;
  /** Of the ticks in which it was known: their mean is what a trace can say. */
  #idle = { joules: 0, seconds: 0 };

  /** Throws when nothing can be written there. */
  constructor(directory: string, log: Logger) {
    this.#stream = new TraceStream(directory);
    this.#log = log;
  }

  get directory(): string {
    return this.#stream.directory;
  }

  /** False when it has come to its end. */
  take({ window, ticks, calls }: Settlement): boolean {
    const { from, to } = window;
    if (this.#start !== undefined && Math.abs(from - this.#until) > SEAM_SECONDS) {
      this.#log.warn('the clock was set: the trace ends there', { directory: this.directory });
      return false;
    }
    const start = this.#start ?? from;
    this.#start = start;
    try {
      const samples = ticks.map(({ from: begin, to: end, joules, cpuJoules }) => ({
        t: end - start,
        systemWatts: joules === undefined ? undefined : joules / (end - begin),
        cpuWatts: cpuJoules === undefined ? undefined : cpuJoules / (end - begin),
      }));
      this.#stream.power(samples);
      for (const { to: end, cpuSeconds, idleJoules, from: begin } of ticks) {
        this.#stream.usage(end - start, cpuSeconds);
        if (idleJoules === undefined) continue;
        this.#idle.joules += idleJoules;
        this.#idle.seconds += end - begin;
      }
      // What had ended before the trace began was told of late, and is not of it.
      this.#stream.invocations(
        [...calls].filter(({ endedAt }) => endedAt >= start).map((call) => invocation(call, start)),
      );
      this.#until = to;
      return true;
    } catch (error) {
      this.#log.error('the trace ends: it could not be written', { error: messageOf(error) });
      return false;
    }
  }

  /** Writes what runs on at the end, and what is known of the machine. */
  finish(open: Iterable<OpenCall>, description: TraceDescription): void {
    const start = this.#start;
    if (start !== undefined) {
      const running = [...open].filter(({ startedAt }) => startedAt < this.#until);
      this.#stream.invocations(running.map((call) => invocation(call, start)));
    }
    const { joules, seconds } = this.#idle;
    const idle = seconds > 0 ? { idleWatts: joules / seconds } : {};
    this.#stream.describe({ ...idle, ...description });
    this.#stream.close();
  }
}

const invocation = (
  { function: name, startedAt, endedAt, cold }: OpenCall,
  start: number,
): StreamedInvocation => ({
  function: name,
  start: startedAt - start,
  end: Number.isFinite(endedAt) ? endedAt - start : undefined,
  cold,
});
