import { spawn } from 'node:child_process';
import { systemCode } from '../../base/index.js';

/** Waits on a pipe: told that all is over it ends, and where the one who would tell is gone it ends the group. */
const WATCH = 'read -r _ || kill -s KILL -- "-$1"';

/** A command with all that it starts, as far as that stays in its group. */
export class ProcessGroup {
  readonly #leader: number;
  readonly #tellWatch: () => void;
  readonly watchEnded: Promise<void>;

  /** `leader` began the group: a child that was started detached. */
  constructor(leader: number) {
    this.#leader = leader;
    // A worker that is killed can't end its children any more; they would go on, and cost, with nobody to count them.
    const watch = spawn('/bin/sh', ['-c', WATCH, 'sh', String(leader)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    watch.stdin.on('error', () => {});
    this.watchEnded = new Promise((resolve) => {
      watch.once('close', () => resolve());
      watch.once('error', () => resolve());
    });
    this.#tellWatch = () => void watch.stdin.end('over\n');
  }

  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#leader, signal);
    } catch (error) {
      // Nobody is left.
      if (systemCode(error) !== 'ESRCH') throw error;
    }
  }

  /** Ends whoever is left, once the command itself has ended. */
  async release(): Promise<void> {
    this.signal('SIGKILL');
    this.#tellWatch();
    await this.watchEnded;
  }
}
