import { type ChildProcess, spawn } from 'node:child_process';
import { constants as system } from 'node:os';
import type { Duplex } from 'node:stream';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { findCommand } from './find-command.js';

// Waits at a gate before it becomes the command, so that every counter is attached before the command's first
// instruction, and the shell's own beginning is over by then: it says when it has come to the gate. When the gate breaks
// (this process died) the command is not run at all.
const GATE = 'echo >&3; read _ <&3 || exit 125; exec 3<&-; exec "$@"';
const GATE_DESCRIPTOR = 3;

/** Names that a shell passes on. Others (`spring.datasource.url`) it drops: env(1) puts them back. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface Exit {
  /** As a shell says it: the command's own code, or 128 plus the signal that ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

export interface Launched {
  readonly pid: number;
  /** Resolves when the command waits at its gate; false when it ended before. Rejects when no process could be made. */
  readonly ready: Promise<boolean>;
  /** Lets the command begin. */
  go(): void;
  readonly exit: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

export interface LaunchOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Sends what the command prints to stderr, where stdout is wanted for something else. */
  readonly stdoutToStderr?: boolean;
}

function withDroppedVariables(command: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  const dropped = Object.entries(env).flatMap(([name, value]) =>
    SHELL_NAME.test(name) || value === undefined ? [] : `${name}=${value}`,
  );
  return dropped.length === 0 ? command : ['env', ...dropped, ...command];
}

/** Starts a command that waits at its gate until `go()`. Its stdin, stdout and stderr are this process's own. */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Launched {
  const { env = process.env, stdoutToStderr = false } = options;
  findCommand(command, env);
  const line = withDroppedVariables([command, ...args], env);
  const child: ChildProcess = spawn('/bin/sh', ['-c', GATE, 'wattloop', ...line], {
    env,
    stdio: ['inherit', stdoutToStderr ? 2 : 'inherit', 'inherit', 'pipe'],
  });
  if (child.pid === undefined) return unlaunched(child);
  const gate = child.stdio[GATE_DESCRIPTOR] as Duplex;
  // The command may be killed at its gate: what was written to it then is of no interest.
  gate.on('error', () => {});
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? 128 + signalNumber(signal), signal: signal ?? undefined }),
    );
  });
  const ready = new Promise<boolean>((resolve) => gate.once('data', () => resolve(true)));
  return {
    pid: child.pid,
    ready: Promise.race([ready, exit.then(() => false)]),
    go: () => void gate.end('\n'),
    exit,
    kill: (signal) => void child.kill(signal),
  };
}

/** No process could be made: no shell, no memory, too many processes. Node.js says why in an event that follows. */
function unlaunched(child: ChildProcess): Launched {
  const ready = new Promise<never>((_, reject) =>
    child.once('error', (error) =>
      reject(
        new WattloopError(ErrorCode.commandFailed, `could not start /bin/sh: ${messageOf(error)}`, {
          remedy:
            'A command is started by /bin/sh: it must be there, and the limit of processes (ulimit -u) not reached',
          cause: error,
        }),
      ),
    ),
  );
  return { pid: 0, ready, go: () => {}, exit: ready, kill: () => {} };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : system.signals[signal];
}
