import type { Host } from '../../base/index.js';
import type { SourceName } from '../../model/index.js';
import { Meter } from '../meter.js';
import type { Source } from '../source.js';
import { type Baseline, measureBaseline, NO_BASELINE } from './baseline.js';
import type { ChildrenUsage } from './children.js';
import type { RunningCommand } from './command-signals.js';
import { findCommand } from './find-command.js';
import type { Measurement } from './result.js';
import { type CommandRun, interruption, runOnce } from './run-once.js';
import { summarize } from './summarize.js';

export interface MeasureOptions {
  readonly methods?: readonly SourceName[] | undefined;
  readonly primary: readonly SourceName[];
  readonly intervalSeconds: number;
  readonly repeat: number;
  /** Seconds to watch the machine before the command, when a source does not know what it draws idle. 0: not at all. */
  readonly baselineSeconds: number;
  readonly disagreementWarning: number;
  readonly carbonIntensity: number;
  /** What the building draws for each joule of the machine; 1 when not given. */
  readonly pue?: number;
  readonly logicalCpus: number;
  readonly stdoutToStderr: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Aborted, with the signal's name as reason, when the user interrupts: ends the repetitions after the current run. */
  readonly signal?: AbortSignal;
  readonly onStart?: (command: RunningCommand) => void;
  /** Told after each repetition. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly childrenUsage: () => ChildrenUsage;
}

/** Rejects when the user interrupts, so that nobody waits for an instrument that takes its time. */
function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const interrupted = (): void => reject(interruption(signal));
    if (signal.aborted) interrupted();
    signal.addEventListener('abort', interrupted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', interrupted));
  });
}

/** Runs a command under every method that works here, as often as asked, and says what it took. */
export async function measure(
  host: Host,
  sources: readonly Source[],
  command: readonly [string, ...string[]],
  options: MeasureOptions,
): Promise<Measurement> {
  const { methods, intervalSeconds, baselineSeconds, logicalCpus, signal } = options;
  // Before anything is opened: a slip in its name is told at once.
  findCommand(command[0], options.env ?? process.env);
  let baseline: Baseline = NO_BASELINE;
  const opening = Meter.open(host, sources, {
    methods,
    intervalSeconds,
    idleWatts: (source, domain) => baseline.idleWatts(source, domain),
  });
  const meter = await untilInterrupted(opening, signal);
  try {
    await untilInterrupted(meter.ready(), signal);
    const needed = meter.energySources.some((source) => source.idleWatts === undefined);
    if (needed && baselineSeconds > 0) {
      host.log.debug('watching the machine before the command', { seconds: baselineSeconds });
      baseline = await measureBaseline(host, meter, logicalCpus, baselineSeconds, signal);
    }
    if (signal?.aborted) throw interruption(signal);
    const runs: CommandRun[] = [];
    while (runs.length < options.repeat && !(runs.length > 0 && signal?.aborted)) {
      runs.push(await runOnce(host, meter, command, options, options.childrenUsage));
      options.onProgress?.(runs.length, options.repeat);
    }
    return summarize(command, runs, { meter, idleUnknown: baseline.reason, ...options });
  } finally {
    await meter.close();
  }
}
