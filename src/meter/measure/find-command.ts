import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';

/** Exit codes that a shell gives for a command it can't run. */
const COMMAND_NOT_FOUND = 127;
const COMMAND_NOT_EXECUTABLE = 126;

/** A command that could not be run, with the exit code that a shell would give. */
export class CommandError extends WattloopError {
  readonly exitCode: number;

  constructor(message: string, exitCode: number, remedy: string) {
    super(ErrorCode.commandFailed, message, { remedy });
    this.exitCode = exitCode;
  }
}

/** Where a command is, as the shell would find it. Throws with `exitCode` 127 or 126, as the shell does. */
export function findCommand(command: string, env: Readonly<Record<string, string | undefined>>): string {
  const isPath = command.includes('/');
  const folders = (env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  const places = isPath ? [command] : folders.map((folder) => join(folder || '.', command));
  let denied: string | undefined;
  for (const path of command === '' ? [] : places) {
    try {
      if (statSync(path).isDirectory()) {
        // A folder of that name in PATH is passed over; one that was named is not.
        if (isPath) denied ??= path;
        continue;
      }
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (systemCode(error) === 'EACCES') denied ??= path;
    }
  }
  if (denied !== undefined) {
    const isFolder = statSync(denied, { throwIfNoEntry: false })?.isDirectory() ?? false;
    throw new CommandError(
      isFolder ? `${denied} is a directory, no command` : `${denied} is not executable`,
      COMMAND_NOT_EXECUTABLE,
      isFolder ? 'Name a program in it' : `Give it the right: chmod +x ${denied}`,
    );
  }
  throw new CommandError(
    `command not found: ${command === '' ? '""' : command}`,
    COMMAND_NOT_FOUND,
    isPath ? 'Check the path' : 'Check the spelling and your PATH',
  );
}
