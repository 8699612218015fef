import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StderrTail } from '../../local/stderr-tail.js';
import type { ChildrenLedger } from './children-ledger.js';

/** A command is killed rather than its host when memory runs out. */
const OUT_OF_MEMORY_SCORE = '500';

export interface CommandExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Undefined where nobody tells. */
  readonly cpuSeconds: number | undefined;
  /** The end of what it wrote to its standard error. */
  readonly said: string;
}

export interface CommandOptions {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly input: Readable | undefined;
  readonly children: ChildrenLedger;
  /** Something was printed. */
  took(chunk: Buffer): void;
}

/** The process of one call, with whatever it starts. */
export class CommandProcess {
  /** When it and its output have ended. Rejects when it could not be started. */
  readonly exit: Promise<CommandExit>;
  readonly #child: ChildProcess;
  #hasExited = false;

  constructor(options: CommandOptions) {
    const { command, environment, input } = options;
    const [file = '', ...args] = command;
    // A process group of its own: all of it can be killed at once.
    const child = spawn(file, args, {
      env: environment,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) preferForKill(child.pid);
    // A command need not read what it is sent.
    if (input && child.stdin) pipeline(input, child.stdin).catch(() => undefined);
    this.exit = this.#exit(options);
    // Nobody need wait for it.
    this.exit.catch(() => undefined);
  }

  /** What it prints is read no faster than it can be passed on. */
  get output(): Readable | null {
    return this.#child.stdout;
  }

  /** Ends it at once, with all of its process group. */
  kill(): void {
    const { pid } = this.#child;
    // The number may be another process's by then.
    if (pid === undefined || this.#hasExited) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }

  async #exit({ children, took }: CommandOptions): Promise<CommandExit> {
    const child = this.#child;
    const stderr = new StderrTail();
    child.stdout?.on('data', took);
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr.write(chunk);
      process.stderr.write(chunk);
    });
    let used: Promise<number | undefined> | undefined;
    child.once('exit', () => {
      used = children.ended();
      // What it left in the background would hold its pipes open for ever.
      this.kill();
      this.#hasExited = true;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, cpuSeconds: await used, said: stderr.text };
  }
}

function preferForKill(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_SCORE);
  } catch {
    // It has ended already, or there is no such file here.
  }
}
