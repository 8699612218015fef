#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { ErrorCode, messageOf, WattloopError, writeError, writeOutput } from '../base/index.js';
import { CommandError } from '../meter/index.js';
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

/** By name, in the order of the help. Each is loaded when it is meant: all together are a second's work of the processor. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  measure: async () => (await import('./commands/measure.js')).measureCommand(),
  run: async () => (await import('./commands/run.js')).runCommand(),
  characterize: async () => (await import('./commands/characterize.js')).characterizeCommand(),
  compare: async () => (await import('./commands/compare.js')).compareCommand(),
  predict: async () => (await import('./commands/predict.js')).predictCommand(),
  top: async () => (await import('./commands/top.js')).topCommand(),
  attribute: async () => (await import('./commands/attribute.js')).attributeCommand(),
  runs: async () => (await import('./commands/runs.js')).runsCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  agent: async () => (await import('./commands/agent.js')).agentCommand(),
  load: async () => (await import('./commands/load.js')).loadCommand(),
  simulate: async () => (await import('./commands/simulate.js')).simulateCommand(),
};

/** Those whose name stands among the words; all of them where none does, as it may be help that is wanted. */
function meant(words: readonly string[]): string[] {
  const named = Object.keys(COMMANDS).filter((name) => words.includes(name));
  return named.length > 0 && !words.includes('help') ? named : Object.keys(COMMANDS);
}

for (const name of meant(process.argv.slice(2))) {
  const command = await COMMANDS[name]?.();
  if (command === undefined) continue;
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
