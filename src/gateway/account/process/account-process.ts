import { type ChildProcess, fork } from 'node:child_process';
import { messageOf } from '../../../base/index.js';
import type { FromAccount, ToAccount } from './protocol.js';

export interface AccountProcessListener {
  message(message: FromAccount): void;
  /** The last that is heard of it. */
  ended(how: string): void;
}

const ENVELOPE_BYTES = 256;

/** One process that keeps the account, from fork to exit. */
export class AccountProcess {
  readonly #child: ChildProcess;
  #waitingBytes = 0;
  #hasEnded = false;
  readonly #mostWaitingBytes: number;

  /** `mostWaitingBytes`: so much may wait to be read by the process. */
  constructor(program: string, mostWaitingBytes: number, listener: AccountProcessListener) {
    this.#mostWaitingBytes = mostWaitingBytes;
    // A group of its own: Ctrl-C on the terminal is for the gateway, which ends the account in order.
    this.#child = fork(program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
      execArgv: [],
    });
    const ended = (how: string): void => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      listener.ended(how);
    };
    this.#child.on('message', (message) => listener.message(message as FromAccount));
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) ended(messageOf(error));
    });
    this.#child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False when so much waits to be read that it can take no more now. */
  get hasRoom(): boolean {
    return this.#waitingBytes < this.#mostWaitingBytes;
  }

  /** `bytes`: about how large the message is. */
  send(message: ToAccount, bytes = 0): void {
    // A channel that has closed shows in the process's end; nobody needs to hear of it twice.
    if (!this.#child.connected) return;
    const size = bytes + ENVELOPE_BYTES;
    this.#waitingBytes += size;
    this.#child.send(message, () => {
      this.#waitingBytes -= size;
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
