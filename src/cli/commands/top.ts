import { Command, Option } from 'commander';
import { MONITOR_VIEWS, type MonitorView } from '../../meter/index.js';
import { TOP_SORTS, type TopSort } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { interruptible } from '../interrupt.js';
import { methodList } from '../method-list.js';
import { count, interval } from '../numbers.js';
import { liveTop } from '../top/live.js';
import { plainTop } from '../top/plain.js';

interface TopFlags extends GlobalOptions {
  readonly by: MonitorView;
  readonly sort: TopSort;
  readonly interval: number;
  readonly rows: number;
  readonly filter: string;
  readonly iterations?: number;
  readonly methods?: string;
}

async function run(flags: TopFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, { 'meter.methods': methodList(flags.methods) });
  const options = { ...flags, json, intervalSeconds: flags.interval };
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && host.env.TERM !== 'dumb';
  const live = isTerminal && !json && flags.iterations === undefined;
  await interruptible((signal) => (live ? liveTop : plainTop)(host, settings, options, signal));
}

const EXAMPLES = `
Keys: q quit, p pause, s sort, b by process/container/cgroup, / filter, Esc all rows, arrows and PgUp/PgDn scroll.

Examples:
  wattloop top
  wattloop top --by container --interval 2s
  wattloop top --iterations 1 --rows 5        one table, as plain lines
  wattloop top --json --iterations 3          one JSON document a tick`;

export function topCommand(): Command {
  return new Command('top')
    .description('Show live who draws how many watts, by process, container or control group.')
    .addOption(new Option('--by <what>', 'what to tell apart').choices(MONITOR_VIEWS).default('process'))
    .addOption(new Option('--sort <column>', 'order of rows').choices(TOP_SORTS).default('watts'))
    .addOption(new Option('--interval <time>', 'time between updates').argParser(interval).default(1, '1s'))
    .addOption(new Option('--rows <n>', 'rows of a plain table').argParser(count).default(10))
    .option('--filter <text>', 'only rows whose name or id contains this', '')
    .option('--iterations <n>', 'stop after n updates, and print plain lines', count)
    .option('--methods <names>', 'only these sources of energy, separated by commas')
    .addHelpText('after', EXAMPLES)
    .action(run);
}
