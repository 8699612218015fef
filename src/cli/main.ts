#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { ErrorCode, messageOf, WattloopError } from '../base/index.js';
import { CommandError } from '../meter/index.js';
import { agentCommand } from './commands/agent.js';
import { doctorCommand } from './commands/doctor.js';
import { measureCommand } from './commands/measure.js';
import { simulateCommand } from './commands/simulate.js';
import { topCommand } from './commands/top.js';
import { packageVersion } from './version.js';

const BAD_USAGE: readonly string[] = [ErrorCode.badUsage, ErrorCode.badConfiguration, ErrorCode.badInput];

const program = new Command('wattloop')
  .description('Energy and carbon for serverless computing.')
  .version(packageVersion())
  .enablePositionalOptions()
  .exitOverride()
  .showSuggestionAfterError()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wattloop: ')) });

/** Gives a command the program's manners and the options that every command takes; a group hands them on to its own. */
function adopt(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) adopt(command, inner);
  if (command.commands.length > 0) return;
  command
    .option(
      '--config <file>',
      'settings file (default: wattloop.yaml in the working folder, if there is one)',
    )
    .option('--sysfs <dir>', 'root of the sysfs tree (default: /sys)')
    .option('--procfs <dir>', 'root of the procfs tree (default: /proc)')
    .option('--json', 'print one JSON document on stdout')
    .option('--debug', 'log everything; show stack traces')
    .option('--quiet', 'log errors only');
}

for (const command of [doctorCommand(), measureCommand(), topCommand(), agentCommand(), simulateCommand()]) {
  adopt(program, command);
  program.addCommand(command);
}

function report(error: unknown): number {
  // Commander has printed its own line already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const debug = process.argv.includes('--debug');
  const line = error instanceof WattloopError ? error.line : `internal error: ${messageOf(error)}`;
  process.stderr.write(`wattloop: ${line}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof WattloopError && BAD_USAGE.includes(error.code) ? 2 : 1;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
