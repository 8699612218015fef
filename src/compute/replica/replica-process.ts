import { type ChildProcess, spawn } from 'node:child_process';
import { type Host, messageOf } from '../../base/index.js';
import { drained } from '../local/drained.js';
import type { WorkerLimits } from '../local/limits/limiter.js';
import { StderrTail } from '../local/stderr-tail.js';
import { killMarked } from './marked-processes.js';
import type { ReplicaLog } from './replica-log.js';
import type { ReplicaProgram } from './replica-program.js';

export interface ReplicaProcessOptions {
  readonly host: Host;
  readonly program: ReplicaProgram;
  readonly folder: string | undefined;
  readonly limits: WorkerLimits;
  readonly log: ReplicaLog;
  /** By what is known what it leaves behind, where there is no control group. */
  readonly mark: string;
  /** What it says through its channel; without, it has none. */
  heard?(message: unknown): void;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its standard error, or why it could not be started. */
  readonly said: string;
  /** Whoever watches its memory ended it. */
  readonly wasTooLarge: boolean;
}

/** The process of a replica, in a process group and session of its own, with all that it starts. */
export class ReplicaProcess {
  /** Settles when it is gone with all that it started. */
  readonly gone: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #stderr = new StderrTail();
  #hasExited = false;
  #wasTooLarge = false;
  #spawnError = '';

  /** Throws what keeps it from being started at all. */
  constructor(options: ReplicaProcessOptions) {
    const { program, folder, limits, log, heard } = options;
    const [file = '', ...args] = limits.command(program.command);
    const child = spawn(file, args, {
      cwd: folder,
      env: program.environment,
      stdio: heard ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      serialization: 'advanced',
      // Ctrl-C on the terminal is for this process, and what the replica starts is killed with it.
      detached: true,
    });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr.write(chunk);
      log.write(chunk);
    });
    if (heard) child.on('message', heard);
    this.gone = this.#gone(options);
    if (child.pid === undefined) return;
    limits.begun(child.pid, () => {
      this.#wasTooLarge = true;
      this.signal('SIGKILL');
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: object): void {
    // A channel that has closed shows in the process's end.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** To it and all of its process group. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    // The number may be another process's by then.
    if (pid === undefined || this.#hasExited) return;
    try {
      process.kill(-pid, signal);
    } catch {
      this.#child.kill(signal);
    }
  }

  async #gone({ host, limits, mark }: ReplicaProcessOptions): Promise<ProcessExit> {
    const { code, signal } = await this.#exit(() => {
      // Without a control group what it left behind is known by its process group and its mark.
      if (limits.groupPath !== undefined) return;
      this.signal('SIGKILL');
      killMarked(host, mark);
    });
    await limits.release();
    await drained(this.#child);
    return {
      code,
      signal,
      said: this.#stderr.text || this.#spawnError,
      wasTooLarge: this.#wasTooLarge,
    };
  }

  #exit(whenExited: () => void): Promise<Pick<ProcessExit, 'code' | 'signal'>> {
    const child = this.#child;
    return new Promise((resolve) => {
      child.on('error', (error) => {
        this.#spawnError = messageOf(error);
        // A process that never began has no end to wait for.
        if (child.pid === undefined) resolve({ code: null, signal: null });
      });
      child.on('exit', (code, signal) => {
        whenExited();
        this.#hasExited = true;
        resolve({ code, signal });
      });
    });
  }
}
