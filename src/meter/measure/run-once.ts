import type { Host } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';
import type { Meter } from '../meter.js';
import type { SpanEnergy } from '../span.js';
import { FollowedCommand, type MethodUsage } from './follow.js';
import { type Exit, type Launched, type LaunchOptions, launch } from './launch.js';

/** One run of a command under the meter. */
export interface CommandRun {
  readonly exit: Exit;
  readonly wallSeconds: number;
  /** CPU time of the command and all that descends from it, by the most trusted method. */
  readonly cpuSeconds: number;
  readonly memoryPeakMib: number | undefined;
  readonly usages: readonly MethodUsage[];
  readonly energies: readonly SpanEnergy[];
  /** Processes that the command left behind: they run on, and what they used up to its end is counted. */
  readonly outlived: readonly ProcessIdentity[];
}

export interface RunOptions extends LaunchOptions {
  readonly intervalSeconds: number;
  /** Told the running command, so that signals can be passed on to it. */
  readonly onStart?: (launched: Launched) => void;
}

/** CPU seconds that a parent can still read after its children ended, by getrusage. */
export interface ChildrenUsage {
  readonly cpuSeconds: number;
  readonly memoryPeakMib: number;
}

export async function runOnce(
  host: Host,
  meter: Meter,
  [command, ...args]: readonly [string, ...string[]],
  options: RunOptions,
  childrenUsage: () => ChildrenUsage,
): Promise<CommandRun> {
  const before = childrenUsage();
  const launched = launch(command, args, options);
  options.onStart?.(launched);
  const followed = new FollowedCommand(host, meter.usageSources, launched.pid);
  // Without any method that can follow, getrusage tells the command's time once it has ended.
  const waited = (): number => childrenUsage().cpuSeconds - before.cpuSeconds;
  const scope = followed.trusted === undefined ? { cpuSeconds: waited } : followed;
  const span = meter.span(command, scope);
  const stop = new AbortController();
  launched.go();
  try {
    void sample(host, meter, options.intervalSeconds, stop.signal);
    const exit = await launched.exit;
    const result = span.stop();
    const outlived = followed.living();
    const usages = followed.usages();
    const peaks = [childrenUsage().memoryPeakMib, ...usages.map(({ usage }) => usage.memoryPeakMib ?? 0)];
    const peak = Math.max(...peaks);
    return {
      exit,
      wallSeconds: result.wallSeconds,
      cpuSeconds: result.cpuSeconds,
      memoryPeakMib: peak > 0 ? peak : undefined,
      usages,
      energies: result.energies,
      outlived,
    };
  } finally {
    stop.abort();
    followed.close();
  }
}

async function sample(host: Host, meter: Meter, seconds: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await host.clock.sleep(seconds, signal);
    if (!signal.aborted) meter.settle();
  }
}
