import { constants } from 'node:os';
import { type Host, messageOf } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';
import type { Meter } from '../meter.js';
import type { SpanEnergy } from '../span/span.js';
import type { ChildrenUsage } from './children.js';
import { CommandSignals, type RunningCommand } from './command-signals.js';
import { CommandError } from './find-command.js';
import { FollowedCommand, type MethodUsage } from './follow.js';
import { type Exit, type LaunchOptions, launch } from './launch.js';
import { sampleWhile } from './sampling.js';

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
  /** A signal ended it. */
  readonly interrupted: boolean;
}

export interface RunOptions extends LaunchOptions {
  readonly intervalSeconds: number;
  /** Told the running command, so that signals can be passed on to it. */
  readonly onStart?: (command: RunningCommand) => void;
  /** Aborted, with the signal's name as reason, when the user interrupts the measurement. */
  readonly signal?: AbortSignal;
}

/** Exit codes above this are signals, as shells tell them. */
const SIGNALLED = 128;
const LATE_SIGNAL_SECONDS = 0.05;

/** The interruption as an error that carries the exit code of a process that the signal had ended. */
export function interruption(signal: AbortSignal): CommandError {
  const name = signalOf(signal);
  return new CommandError(
    `interrupted by ${name} before the command began`,
    128 + constants.signals[name],
    'Nothing was measured',
  );
}

function signalOf({ reason }: AbortSignal): NodeJS.Signals {
  const known = (Object.keys(constants.signals) as NodeJS.Signals[]).find((name) => name === reason);
  return known ?? 'SIGTERM';
}

export async function runOnce(
  host: Host,
  meter: Meter,
  [command, ...args]: readonly [string, ...string[]],
  options: RunOptions,
  childrenUsage: () => ChildrenUsage,
): Promise<CommandRun> {
  const { signal } = options;
  const before = childrenUsage();
  const launched = launch(command, args, options);
  let followed: FollowedCommand | undefined;
  const signals = new CommandSignals(host, launched, () => followed?.living() ?? []);
  options.onStart?.(signals);
  if (!(await launched.ready)) {
    if (signal?.aborted) throw interruption(signal);
    const { code } = await launched.exit;
    throw new CommandError(`${command} was killed before it began`, code, 'Run it again');
  }
  const tree = new FollowedCommand(host, meter, launched.pid);
  followed = tree;
  const isFollowed = tree.trusted !== undefined;
  // Without any method that can follow, getrusage tells the command's time once it has ended.
  const waited = { cpuSeconds: () => childrenUsage().cpuSeconds - before.cpuSeconds };
  const stop = new AbortController();
  try {
    const span = meter.span(command, isFollowed ? tree : waited);
    let samples = 0;
    const sample = (): void => {
      samples++;
      tree.refresh();
      // A span whose time is known at the end alone must not be settled before.
      if (isFollowed) meter.settle();
      else meter.read();
    };
    launched.go();
    const sampling = sampleWhile(host, options.intervalSeconds, stop.signal, sample).catch((error) =>
      host.log.error('sampling ended early', { error: messageOf(error) }),
    );
    const exit = await launched.exit;
    const { wallSeconds, cpuSeconds, energies } = span.stop();
    stop.abort();
    await sampling;
    // A signal to the whole group may be told here after the command that it ended.
    if (exit.code > SIGNALLED && signal) await host.clock.sleep(LATE_SIGNAL_SECONDS, signal);
    const outlived = tree.living();
    const interrupted = signal?.aborted ?? false;
    if (signal && interrupted) signals.endLeftovers(outlived, signalOf(signal));
    const sampledMib = samples > 0 ? tree.memoryPeakMib() : undefined;
    const memoryPeakMib = peakMib(before, childrenUsage(), sampledMib);
    const usages = tree.usages();
    return { exit, wallSeconds, cpuSeconds, memoryPeakMib, usages, energies, outlived, interrupted };
  } finally {
    stop.abort();
    followed = undefined;
    tree.close();
  }
}

/**
 * The kernel's figure is exact, and of the largest process of all runs so far. It says nothing of this run when an earlier
 * child had as much, nor when it may be the memory of the copy of this process that became the command.
 */
function peakMib(
  before: ChildrenUsage,
  after: ChildrenUsage,
  sampledMib: number | undefined,
): number | undefined {
  const isOfThisRun = after.memoryPeakMib > before.memoryPeakMib && after.memoryPeakMib > before.copyMib;
  if (!isOfThisRun) return sampledMib;
  return Math.max(after.memoryPeakMib, sampledMib ?? 0);
}
