import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Clock,
  ErrorCode,
  messageOf,
  WattloopError,
  writeError,
  writeOutput,
} from '../../base/index.js';
import {
  checkReachable,
  type FailCondition,
  failCondition,
  type GatewayApi,
  LOAD_ARRIVALS,
  type LoadProgress,
  type PreparedLoad,
  prepareLoad,
  type Recording,
  runLoad,
  withFootprints,
  writeTrace,
} from '../../lab/index.js';
import type { LoadResult } from '../../model/index.js';
import { loadJson, loadReport, loadText, seconds } from '../../report/index.js';
import { createContext } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';
import { describeLoad } from '../load/describe-load.js';
import { gatewayOf } from '../load/gateway-of.js';
import type { LoadFlags } from '../load/load-flags.js';
import { openRecording } from '../load/open-recording.js';
import { amount, count, durationOrZero, fraction, wholeNumber } from '../numbers.js';
import { ProgressBar } from '../progress.js';
import { ReportFile } from '../report-file.js';
import { toTerminal } from '../to-terminal.js';
import { packageVersion } from '../version.js';

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

interface Measured {
  readonly prepared: PreparedLoad;
  readonly recording: Recording | undefined;
}

async function measured(
  { prepared, recording }: Measured,
  clock: Clock,
  quiet: boolean,
  signal: AbortSignal,
): Promise<LoadResult> {
  const bar = new ProgressBar(clock, 'calling', quiet);
  try {
    return await runLoad(prepared.plan, {
      clock,
      cpuSeconds: ownCpuSeconds,
      signal,
      replay: prepared.replay,
      onCall: recording?.onCall,
      onProgress: (progress) => bar.show(progress.part, note(progress)),
    });
  } finally {
    bar.end();
  }
}

/** The load's own figures, and what the gateway's account says beside them. */
async function completed(
  result: LoadResult,
  gateway: GatewayApi | undefined,
  findings: readonly string[],
): Promise<LoadResult> {
  const known = { ...result, findings: [...findings, ...result.findings] };
  if (gateway === undefined) return known;
  try {
    const footprints = await gateway.footprints(result.measuredFrom, result.endedAt);
    return footprints === undefined ? known : withFootprints(known, footprints);
  } catch (error) {
    return { ...known, findings: [...known.findings, `no footprints: ${messageOf(error)}`] };
  }
}

async function run(target: string | undefined, flags: LoadFlags): Promise<void> {
  const { host, settings, json } = createContext(flags);
  const quiet = flags.quiet ?? false;
  const description = describeLoad(target, flags);
  const conditions = (description.failIf ?? []).map(failCondition);
  const report = reportOf(flags.report);
  const prepared = await prepareLoad(description);
  const { targets } = prepared.plan;
  await checkReachable(targets);
  const gateway = gatewayOf(description);
  const opened =
    flags.record === undefined
      ? undefined
      : await openRecording(flags.record, {
          host,
          settings,
          gateway,
          meter: flags.meter ?? false,
          functions: targets.map(({ name }) => name),
        });
  try {
    await interruptible(async (signal) => {
      const recording = opened?.begin(host.clock);
      const own = await measured({ prepared, recording }, host.clock, quiet, signal);
      const result = await completed(own, gateway, prepared.findings);
      if (json) writeOutput(`${JSON.stringify(loadJson(result), null, 2)}\n`);
      else writeOutput(`${toTerminal(loadText(result))}\n`);
      report?.save(loadReport(result, packageVersion()), quiet);
      if (recording !== undefined && flags.record !== undefined) {
        await writeTrace(flags.record, await recording.finish(result));
        if (!quiet) writeError(`wattloop: the trace is in ${flags.record}\n`);
      }
      judge(result, conditions);
    });
  } finally {
    await opened?.close();
  }
}

/** A load has one kind of report. */
function reportOf(path: string | undefined): ReportFile | undefined {
  if (path === undefined) return undefined;
  if (/\.md$/i.test(path))
    throw new WattloopError(ErrorCode.badUsage, `--report ${path}: the report of a load is a page`, {
      remedy: 'Let the name end in .html',
    });
  return new ReportFile(path);
}

function judge(result: LoadResult, conditions: readonly FailCondition[]): void {
  const broken = conditions.flatMap((condition) => condition.check(result) ?? []);
  if (broken.length > 0)
    throw new WattloopError(ErrorCode.runFailed, `the load failed: ${broken.join('; ')}`);
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

const conditionList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...nameList(text),
];

function positive(text: string): number {
  const value = amount(text);
  if (value === 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

function header(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value = ''] = /^([!#$%&'*+\-.^_`|~\w]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || /[\r\n\0]/.test(value))
    throw new InvalidArgumentError('It must be written as "Name: value".');
  return { ...before, [name.toLowerCase()]: value };
}

export function loadCommand(): Command {
  return new Command('load')
    .description('Call functions as a workload would, and measure latencies, failures and energy by call.')
    .argument('[target]', 'address to call, or the file of a plan')
    .option('--gateway <url>', 'gateway whose functions are called')
    .option('--function <name>', 'function to call, with a sub-path if any; repeatable', nameList)
    .option('--duration <time>', 'how long calls are measured (default: 30s)', duration)
    .option('--warm-up <time>', 'calls before that, which do not count (default: 0)', durationOrZero)
    .addOption(new Option('--arrival <kind>', 'how calls come').choices(Object.keys(LOAD_ARRIVALS)))
    .option('--rate <n>', 'calls a second of each function, on average (default: 10)', positive)
    .option('--concurrency <n>', 'callers of each function who wait for their answers', count)
    .option('--think <time>', 'what such a caller waits after an answer', durationOrZero)
    .option(
      '--trace <path>',
      'call as in a trace: a trace directory, invocations.csv, or one of Azure Functions',
    )
    .option('--speed <factor>', 'seconds of the trace that pass in one (default: 1)', positive)
    .option('--skip <time>', 'leave out the beginning of the trace', duration)
    .option('--sample <part>', 'make only this part of the calls of the trace, by chance', fraction)
    .option('--seed <n>', 'the same seed gives the same moments', wholeNumber)
    .option('--method <name>', 'HTTP method (default: POST, of a plain address without body GET)', String)
    .option('--header <name: value>', 'header of every call; repeatable', header)
    .option('--body <text>', 'body of every call: a file, a text, or - for standard input', String)
    .option('--timeout <time>', 'time that an answer may take (default: 60s)', duration)
    .option('--max-in-flight <n>', 'calls under way at once; more wait (default: 1000)', count)
    .option('--async', 'call /async-function/NAME, which answers when the call is accepted')
    .option(
      '--fail-if <condition>',
      'end with 1 when it holds: errors>1%, p99>500ms; repeatable',
      conditionList,
    )
    .option('--report <file>', 'also write a page for browsers (.html)')
    .option('--record <dir>', 'write a trace directory for "wattloop attribute"')
    .option('--meter', "record with this machine's own sensors, of a server that is no Wattloop gateway")
    .addHelpText('after', EXAMPLES)
    .action(run);
}
