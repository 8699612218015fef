import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '../../base/index.js';
import { ProcessGroup } from './process-group.js';

/** What was asked to end by itself is ended after that. */
const GRACE_SECONDS = 1;
/** How long output is waited for that a process holds open which left the group. */
const DRAIN_SECONDS = 1;

export interface RunProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program in a process group of its own, and returns when it has ended and all that it started with it. */
export async function runProcess(options: RunProcessOptions): Promise<Exit> {
  const { file, args, folder, env, clock, signal, onOutput } = options;
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.on('data', (chunk: Uint8Array) => onOutput(chunk, 'stdout'));
  child.stderr.on('data', (chunk: Uint8Array) => onOutput(chunk, 'stderr'));
  // It fails where the program can't be started, which `exited` tells.
  const closed = once(child, 'close').catch(() => {});
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => resolve({ code, signal: by }));
  });
  if (child.pid === undefined) return exited;
  const group = new ProcessGroup(child.pid);
  const ended = new AbortController();
  const abort = (): void => {
    group.signal('SIGTERM');
    void clock.sleep(GRACE_SECONDS, ended.signal).then(() => {
      if (!ended.signal.aborted) group.signal('SIGKILL');
    });
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    const exit = await exited;
    ended.abort();
    await group.release();
    const drained = new AbortController();
    await Promise.race([closed, clock.sleep(DRAIN_SECONDS, drained.signal)]);
    drained.abort();
    child.stdout.destroy();
    child.stderr.destroy();
    return exit;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
