import type { Host } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';
import type { Launched } from './launch.js';
import { dispositionOf, inOwnGroup, sendTo, startedBefore } from './signals.js';

/** A process that a signal ends is gone by then. */
const DIES_WITHIN_SECONDS = 0.25;
/** One that is younger may have begun after the signal, of which this process hears when its turn comes. */
const WITNESS_AGE_SECONDS = 0.5;

/** A command that runs, as the one who interrupts it sees it. */
export interface RunningCommand {
  readonly pid: number;
  /**
   * Sends a signal to the command and to what descends from it in this process's own group, as a terminal does: a shell that
   * waits for its child takes no signal alone. `mayHaveIt`: they may have got it already, as from a key of the terminal.
   */
  interrupt(signal: NodeJS.Signals, mayHaveIt: boolean): void;
  /** Sends a signal to the command alone. */
  kill(signal: NodeJS.Signals): void;
}

export class CommandSignals implements RunningCommand {
  readonly pid: number;
  readonly #host: Host;
  readonly #launched: Launched;
  readonly #living: () => readonly ProcessIdentity[];

  constructor(host: Host, launched: Launched, living: () => readonly ProcessIdentity[]) {
    this.pid = launched.pid;
    this.#host = host;
    this.#launched = launched;
    this.#living = living;
  }

  kill(signal: NodeJS.Signals): void {
    this.#launched.kill(signal);
  }

  interrupt(signal: NodeJS.Signals, mayHaveIt: boolean): void {
    const members = inOwnGroup(this.#host, this.#living());
    const dispositions = [this.pid, ...members.map(({ pid }) => pid)].map((pid) =>
      dispositionOf(this.#host, pid, signal),
    );
    // Twice does harm to those alone that catch it.
    if (!mayHaveIt || !dispositions.includes('caught')) {
      this.#send(members, signal);
      return;
    }
    // One whom it would have ended and who lives on proves that they did not have it.
    const youngest = startedBefore(this.#host, WITNESS_AGE_SECONDS);
    const witnesses = members.filter(
      ({ pid, startTicks }) => startTicks <= youngest && dispositionOf(this.#host, pid, signal) === 'default',
    );
    if (witnesses.length === 0) return;
    void this.#host.clock.sleep(DIES_WITHIN_SECONDS).then(() => {
      if (inOwnGroup(this.#host, witnesses).length > 0)
        this.#send(inOwnGroup(this.#host, this.#living()), signal);
    });
  }

  /**
   * Ends what an interrupted command left behind in this process's own group. Those that left the group meant to live on. A
   * shell makes its background jobs ignore SIGINT: they are told to terminate. Who ignores SIGHUP meant to outlive a terminal.
   */
  endLeftovers(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
    sendTo(inOwnGroup(this.#host, processes), signal === 'SIGHUP' ? 'SIGHUP' : 'SIGTERM');
  }

  #send(members: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
    // The command first, and by its handle: a pid may be another's by now.
    this.#launched.kill(signal);
    sendTo(
      members.filter(({ pid }) => pid !== this.pid),
      signal,
    );
  }
}
