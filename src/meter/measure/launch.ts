import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Writable } from 'node:stream';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';

/** Exit codes that a shell gives for a command it can't run. */
export const COMMAND_NOT_FOUND = 127;
export const COMMAND_NOT_EXECUTABLE = 126;

// Waits at a gate before it becomes the command, so that every counter is attached before the command's first
// instruction. When the gate breaks (this process died) the command is not run at all.
const GATE = 'read _ <&3 || exit 125; exec 3<&-; exec "$@"';
const GATE_DESCRIPTOR = 3;

export interface Exit {
  /** As a shell says it: the command's own code, or 128 plus the signal that ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

export interface Launched {
  readonly pid: number;
  /** Lets the command begin. */
  go(): void;
  readonly exit: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/** Where a command is, as the shell would find it. Throws with `exitCode` 127 or 126, as the shell does. */
export function findCommand(command: string, env: Readonly<Record<string, string | undefined>>): string {
  const places = command.includes('/')
    ? [command]
    : (env.PATH ?? '/usr/bin:/bin').split(delimiter).map((folder) => join(folder || '.', command));
  let denied: string | undefined;
  for (const path of places) {
    try {
      if (!statSync(path).isFile()) {
        denied ??= path;
        continue;
      }
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (systemCode(error) === 'EACCES') denied ??= path;
    }
  }
  if (denied !== undefined) {
    throw new CommandError(
      `${denied} is not an executable file`,
      COMMAND_NOT_EXECUTABLE,
      `Give it the right: chmod +x ${denied}`,
    );
  }
  throw new CommandError(
    `command not found: ${command}`,
    COMMAND_NOT_FOUND,
    'Check the spelling and your PATH',
  );
}

/** A command that could not be run, with the exit code that a shell would give. */
export class CommandError extends WattloopError {
  readonly exitCode: number;

  constructor(message: string, exitCode: number, remedy: string) {
    super(ErrorCode.commandFailed, message, { remedy });
    this.exitCode = exitCode;
  }
}

export interface LaunchOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Sends what the command prints to stderr, where stdout is wanted for something else. */
  readonly stdoutToStderr?: boolean;
}

/** Starts a command that waits at its gate until `go()`. Its stdin, stdout and stderr are this process's own. */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Launched {
  const { env = process.env, stdoutToStderr = false } = options;
  findCommand(command, env);
  const child: ChildProcess = spawn('/bin/sh', ['-c', GATE, 'wattloop', command, ...args], {
    env,
    stdio: ['inherit', stdoutToStderr ? 2 : 'inherit', 'inherit', 'pipe'],
  });
  const gate = child.stdio[GATE_DESCRIPTOR] as Writable;
  // The command may be killed at its gate: what was written to it then is of no interest.
  gate.on('error', () => {});
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new WattloopError(ErrorCode.commandFailed, `could not start ${command}: ${error.message}`, {
          cause: error,
        }),
      ),
    );
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? 128 + signalNumber(signal), signal: signal ?? undefined }),
    );
  });
  if (child.pid === undefined) return { pid: 0, go: () => {}, exit, kill: () => {} };
  return {
    pid: child.pid,
    go: () => void gate.end('\n'),
    exit,
    kill: (signal) => void child.kill(signal),
  };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : system.signals[signal];
}
