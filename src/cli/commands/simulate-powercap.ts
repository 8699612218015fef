import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import {
  BusyLoad,
  CurveLoad,
  DEFAULT_POWER_MODEL,
  EXTRA_ZONES,
  type ExtraZone,
  type Load,
  parseCurve,
  procBusyTime,
  VirtualPowercap,
} from '../../lab/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';

interface Options extends GlobalOptions {
  readonly root: string;
  readonly sockets: number;
  readonly zones: readonly ExtraZone[];
  readonly idleWatts: number;
  readonly floorWatts: number;
  readonly maxWatts: number;
  readonly rangeUj?: bigint;
  readonly startUj?: bigint;
  readonly curve?: string;
  readonly interval: number;
  readonly duration?: number;
}

function number(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
}

function integer(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number of microjoules.');
  return BigInt(text);
}

function zoneList(text: string): ExtraZone[] {
  return text.split(',').flatMap((word) => {
    const name = word.trim();
    const zone = EXTRA_ZONES.find((known) => known === name);
    if (zone === undefined && name !== '')
      throw new InvalidArgumentError(`"${name}" is none of ${EXTRA_ZONES.join(', ')}.`);
    return zone ?? [];
  });
}

function loadOf(options: Options, host: Host): Load {
  const { curve, sockets, idleWatts, floorWatts, maxWatts } = options;
  if (curve === undefined) {
    const model = { ...DEFAULT_POWER_MODEL, idleWatts, floorWatts, maxWatts };
    return new BusyLoad(procBusyTime(host), sockets, model);
  }
  let text = '';
  try {
    text = readFileSync(curve, 'utf8');
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, messageOf(error), {
      remedy: 'Name a CSV file with the header "t,watts"',
      cause: error,
    });
  }
  return new CurveLoad(parseCurve(text, curve), sockets);
}

function announce(tree: VirtualPowercap, { duration, json }: Options): void {
  const zones = tree.zones.map(({ path, name, range }) => ({
    zone: path.at(-1),
    name,
    max_energy_range_uj: Number(range),
  }));
  const until = duration === undefined ? 'until Ctrl-C' : `for ${duration} s`;
  const line = `powercap tree in ${tree.root} ${until}; try: wattloop measure --sysfs ${tree.root} -- COMMAND`;
  process.stdout.write(json ? `${JSON.stringify({ root: tree.root, zones }, null, 2)}\n` : `${line}\n`);
}

async function run(options: Options): Promise<void> {
  const { host } = createContext(options);
  const tree = new VirtualPowercap(host, {
    root: options.root,
    sockets: options.sockets,
    extra: options.zones,
    rangeMicrojoules: options.rangeUj,
    startMicrojoules: options.startUj,
    intervalSeconds: options.interval,
    maxWatts: options.maxWatts,
    load: loadOf(options, host),
  });
  await interruptible(async (interrupted) => {
    const ended = new AbortController();
    const signal = AbortSignal.any([interrupted, ended.signal]);
    signal.addEventListener('abort', () => tree.close());
    try {
      tree.open();
      announce(tree, options);
      const running = tree.start();
      const timed = options.duration === undefined ? running : host.clock.sleep(options.duration, signal);
      await Promise.race([running, timed]);
    } finally {
      ended.abort();
    }
  });
}

export function simulatePowercapCommand(): Command {
  const model = DEFAULT_POWER_MODEL;
  return new Command('powercap')
    .description(
      "Imitate a machine's RAPL counters in a folder of its own: they follow this machine's real processor use, or a curve.",
    )
    .requiredOption('--root <dir>', 'folder for the tree; it must be new or empty, and is removed at the end')
    .option('--sockets <n>', 'processor packages', number, 1)
    .option(
      '--zones <list>',
      `zones beside the packages, of ${EXTRA_ZONES.join(', ')}`,
      zoneList,
      zoneList('core,dram'),
    )
    .option('--idle-watts <watts>', 'power of an idle package', number, model.idleWatts)
    .option('--floor-watts <watts>', 'what any load adds to a package at once', number, model.floorWatts)
    .option('--max-watts <watts>', 'power of a busy package', number, model.maxWatts)
    .option('--range-uj <uj>', 'microjoules at which counters start again (default: a real range)', integer)
    .option('--start-uj <uj>', 'what the counters show at first (default: 0)', integer)
    .option('--curve <file>', 'CSV with the header "t,watts": power of each package over time')
    .option('--interval <time>', 'time between updates', duration, 0.05)
    .option('--duration <time>', 'end after this time (default: at Ctrl-C)', duration)
    .action(run);
}
