import { type ChildProcess, spawn as nodeSpawn, type SpawnOptions } from 'node:child_process';
import { type Clock, ErrorCode, messageOf, systemClock, systemCode, WattloopError } from '../base/index.js';

/** Starts a program; `node:child_process` in earnest, something else in a test. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export interface CommandOptions {
  readonly timeoutSeconds: number;
  /** The whole environment of the program. Secrets go here: arguments are seen by everyone in `ps`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly spawn?: Spawn;
  /** What to do when the program is not there, as a sentence. */
  readonly remedy?: string;
}

export interface CommandResult {
  /** The exit status; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that writes more than this is not answering a question. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;
/** How long a program may take to end by itself after it was asked to. */
const GRACE_SECONDS = 1;

function failedToStart(command: string, error: unknown, remedy: string | undefined): WattloopError {
  const code = systemCode(error);
  if (code === 'ENOENT') {
    return new WattloopError(ErrorCode.notFound, `${command}: no such program`, {
      remedy: remedy ?? `Install ${command}, or check PATH`,
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new WattloopError(ErrorCode.permissionDenied, `${command}: may not be run (${code})`, {
      remedy: 'Check the rights of the file',
      cause: error,
    });
  }
  return new WattloopError(ErrorCode.commandFailed, `${command}: ${messageOf(error)}`, { cause: error });
}

/**
 * Runs a program to its end, however it ends, and keeps what it wrote. Rejects when it can not be started, when it writes
 * without end, and when it takes longer than it may: then it is asked to end, and killed when it does not.
 */
export function captureCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { timeoutSeconds, clock = systemClock, spawn = nodeSpawn, env, remedy } = options;
  return new Promise((resolve, reject) => {
    let child: ChildProcess;
    try {
      child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env } });
    } catch (error) {
      reject(failedToStart(command, error, remedy));
      return;
    }
    const ended = new AbortController();
    const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let size = 0;

    const giveUp = (why: string): void => {
      reject(new WattloopError(ErrorCode.commandFailed, `${command}: ${why}`));
      child.kill('SIGTERM');
      // A grandchild may hold the pipes open: nobody waits for them any more.
      child.stdout?.destroy();
      child.stderr?.destroy();
      void clock.sleep(GRACE_SECONDS, ended.signal).then(() => ended.signal.aborted || child.kill('SIGKILL'));
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > OUTPUT_LIMIT_BYTES) giveUp(`wrote more than ${OUTPUT_LIMIT_BYTES} bytes`);
        else output[name].push(chunk);
      });
    }
    void clock.sleep(timeoutSeconds, ended.signal).then(() => {
      if (!ended.signal.aborted) giveUp(`no answer within ${timeoutSeconds} s`);
    });
    child.on('error', (error) => {
      ended.abort();
      reject(failedToStart(command, error, remedy));
    });
    child.on('close', (exitCode) => {
      ended.abort();
      const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(output[name]).toString('utf8');
      resolve({ exitCode, stdout: text('stdout'), stderr: text('stderr') });
    });
  });
}

/** The first line that a program wrote to stderr, or else to stdout: what it has to say about its failure. */
export function complaint(result: CommandResult): string | undefined {
  const lines = `${result.stderr}\n${result.stdout}`.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '');
}

/** Like `captureCommand`, for programs whose success is an exit status of 0: gives what it wrote to stdout. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const result = await captureCommand(command, args, options);
  if (result.exitCode === 0) return result.stdout;
  const how = result.exitCode === null ? 'was killed' : `exit status ${result.exitCode}`;
  throw new WattloopError(
    ErrorCode.commandFailed,
    `${command}: ${[how, complaint(result)].filter(Boolean).join(': ')}`,
  );
}
