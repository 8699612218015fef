import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js');

/** An empty folder, in which no settings file lies. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'wattloop-cli-'));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A wattloop that runs, as a user starts it. */
export class Running {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], options: SpawnOptions = {}) {
    const { WATTLOOP_LOG_LEVEL: _, ...env } = process.env;
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd: freshFolder(),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    this.child.stdout?.on('data', (chunk) => {
      this.#stdout += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
    this.done = once(this.child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('wattloop was not started');
    return this.child.pid;
  }

  /** Resolves with what the pattern found once stdout or stderr holds it. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (found) return found[1] ?? found[0];
      const more = [this.child.stdout, this.child.stderr].flatMap((stream) =>
        stream && !stream.readableEnded ? [once(stream, 'data')] : [],
      );
      const ended = this.done.then((outcome) => {
        if (!pattern.test(outcome.stdout + outcome.stderr))
          throw new Error(`ended without ${pattern}: ${JSON.stringify(outcome)}`);
      });
      await Promise.race([...more, ended]);
    }
  }
}

export const wattloop = (args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> =>
  new Running(args, options).done;

/** Whether a process lives: one that has ended and is not yet waited for does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const { readFile } = await import('node:fs/promises');
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX]/.test(stat);
  } catch {
    return false;
  }
}
