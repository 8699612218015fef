#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { ErrorCode, messageOf, WattloopError, writeError, writeOutput } from '../base/index.js';
import { CommandError } from '../meter/index.js';
import { agentCommand } from './commands/agent.js';
import { attributeCommand } from './commands/attribute.js';
import { characterizeCommand } from './commands/characterize.js';
import { compareCommand } from './commands/compare.js';
import { doctorCommand } from './commands/doctor.js';
import { loadCommand } from './commands/load.js';
import { measureCommand } from './commands/measure.js';
import { predictCommand } from './commands/predict.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { serveCommand } from './commands/serve.js';
import { simulateCommand } from './commands/simulate.js';
import { topCommand } from './commands/top.js';
import { packageVersion } from './version.js';

const BAD_USAGE: readonly string[] = [
  ErrorCode.badUsage,
  ErrorCode.badConfiguration,
  ErrorCode.badInput,
  ErrorCode.bundleFailed,
  ErrorCode.closure,
];

const globalOptions = (): Option[] => [
  new Option(
    '--config <file>',
    'settings file (default: wattloop.yaml in the working folder, if there is one)',
  ),
  new Option('--sysfs <dir>', 'root of the sysfs tree (default: /sys)'),
  new Option('--procfs <dir>', 'root of the procfs tree (default: /proc)'),
  new Option('--json', 'print one JSON document on stdout'),
  new Option('--debug', 'log everything; show stack traces'),
  new Option('--quiet', 'log errors only'),
];

/** Commander's words for a mistake, as one line that says where help is. */
function inOneLine(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  return `wattloop: ${line}${/did you mean/i.test(line) ? '' : ' (--help shows what there is)'}\n`;
}

const program = new Command('wattloop')
  .description('Energy and carbon for serverless computing.')
  .version(packageVersion())
  .enablePositionalOptions()
  .exitOverride()
  .showSuggestionAfterError()
  .configureOutput({
    writeOut: (text) => void writeOutput(text),
    writeErr: writeError,
    outputError: (text, write) => write(inOneLine(text)),
  });

/** Gives a command the program's manners and the options that every command takes; a group hands them on to its own. */
function adopt(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) adopt(command, inner);
  if (command.commands.length === 0) for (const option of globalOptions()) command.addOption(option);
}

const commands = [
  doctorCommand(),
  measureCommand(),
  runCommand(),
  characterizeCommand(),
  compareCommand(),
  predictCommand(),
  topCommand(),
  attributeCommand(),
  runsCommand(),
  serveCommand(),
  agentCommand(),
  loadCommand(),
  simulateCommand(),
];
for (const command of commands) {
  adopt(program, command);
  program.addCommand(command);
}

let debug = false;
for (const option of globalOptions()) program.addOption(option);
program.hook('preAction', (_, command) => {
  // "wattloop --json doctor" is "wattloop doctor --json"; what stands nearer to the command weighs more.
  for (const [name, value] of Object.entries(program.opts())) {
    if (command.getOptionValueSource(name) === undefined)
      command.setOptionValueWithSource(name, value, 'cli');
  }
  debug = command.getOptionValue('debug') === true;
});

/** Says what went wrong, and returns the exit code for it. */
function report(error: unknown): number {
  // Commander has printed its own line already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const line = error instanceof WattloopError ? error.line : `internal error: ${messageOf(error)}`;
  writeError(`wattloop: ${line}\n`);
  if (debug && error instanceof Error) writeError(`${error.stack ?? ''}\n`);
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof WattloopError && BAD_USAGE.includes(error.code) ? 2 : 1;
}

/** Ends the program at once: an instrument that still takes its time is not waited for. */
function fail(error: unknown): never {
  const code = report(error);
  // A command's own failure is not hidden by one that came after it.
  process.exit(Number(process.exitCode ?? 0) || code);
}

process.on('uncaughtException', fail);
try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
