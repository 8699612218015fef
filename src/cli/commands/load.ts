import { Command, InvalidArgumentError, Option } from 'commander';
import { type Clock, writeOutput } from '../../base/index.js';
import { LOAD_ARRIVALS, type LoadPlan, type LoadProgress, runLoad } from '../../lab/index.js';
import type { LoadResult } from '../../model/index.js';
import { loadJson, loadText, seconds } from '../../report/index.js';
import { createContext } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';
import { flagsPlan } from '../load/flags-plan.js';
import type { LoadFlags } from '../load/load-flags.js';
import { amount, count, durationOrZero, wholeNumber } from '../numbers.js';
import { ProgressBar } from '../progress.js';
import { toTerminal } from '../to-terminal.js';

const ownCpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function note(progress: LoadProgress): string {
  const { perSecond, p99Seconds, failed, inFlight } = progress;
  const parts = [
    progress.isWarmingUp ? 'warming up' : '',
    `${Math.round(perSecond)}/s`,
    p99Seconds === undefined ? '' : `p99 ${seconds(p99Seconds)}`,
    `${inFlight} under way`,
    failed > 0 ? `${failed} failed` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

async function measured(
  plan: LoadPlan,
  clock: Clock,
  quiet: boolean,
  signal: AbortSignal,
): Promise<LoadResult> {
  const bar = new ProgressBar(clock, 'calling', quiet);
  try {
    return await runLoad(plan, {
      clock,
      cpuSeconds: ownCpuSeconds,
      signal,
      onProgress: (progress) => bar.show(progress.part, note(progress)),
    });
  } finally {
    bar.end();
  }
}

async function run(url: string | undefined, flags: LoadFlags): Promise<void> {
  const { host, json } = createContext(flags);
  const plan = flagsPlan(url, flags);
  await interruptible(async (signal) => {
    const result = await measured(plan, host.clock, flags.quiet ?? false, signal);
    if (json) writeOutput(`${JSON.stringify(loadJson(result), null, 2)}\n`);
    else writeOutput(`${toTerminal(loadText(result))}\n`);
  });
}

const listed = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([name, what]) => `  ${name.padEnd(13)}${what}`)
    .join('\n');

const EXAMPLES = `
How calls come (--arrival):
${listed(LOAD_ARRIVALS)}

Examples:
  wattloop load http://127.0.0.1:8080/function/aes --rate 100 --duration 1m
  wattloop load --gateway http://127.0.0.1:8080 --function aes --function json --arrival constant --rate 20
  wattloop load --gateway http://127.0.0.1:8080 --function image --concurrency 8 --body photo.png

Calls are sent when they are due, whatever became of those before, and latencies count from then.`;

const nameList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

function header(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value = ''] = /^([!#$%&'*+\-.^_`|~\w]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || /[\r\n\0]/.test(value))
    throw new InvalidArgumentError('It must be written as "Name: value".');
  return { ...before, [name.toLowerCase()]: value };
}

export function loadCommand(): Command {
  return new Command('load')
    .description('Call functions as a workload would, and measure latencies, failures and energy by call.')
    .argument('[target]', 'address to call')
    .option('--gateway <url>', 'gateway whose functions are called')
    .option('--function <name>', 'function to call, with a sub-path if any; repeatable', nameList)
    .option('--duration <time>', 'how long calls are measured (default: 30s)', duration)
    .option('--warm-up <time>', 'calls before that, which do not count (default: 0)', durationOrZero)
    .addOption(new Option('--arrival <kind>', 'how calls come').choices(Object.keys(LOAD_ARRIVALS)))
    .option('--rate <n>', 'calls a second of each function, on average (default: 10)', amount)
    .option('--concurrency <n>', 'callers of each function who wait for their answers', count)
    .option('--think <time>', 'what such a caller waits after an answer', durationOrZero)
    .option('--seed <n>', 'the same seed gives the same moments', wholeNumber)
    .option('--method <name>', 'HTTP method (default: POST, of a plain address without body GET)', String)
    .option('--header <name: value>', 'header of every call; repeatable', header)
    .option('--body <text>', 'body of every call: a file, a text, or - for standard input', String)
    .option('--timeout <time>', 'time that an answer may take (default: 60s)', duration)
    .option('--max-in-flight <n>', 'calls under way at once; more wait (default: 1000)', count)
    .option('--async', 'call /async-function/NAME, which answers when the call is accepted')
    .addHelpText('after', EXAMPLES)
    .action(run);
}
