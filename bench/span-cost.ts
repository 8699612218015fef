// What a span around an empty function costs, beside what a program would do by hand (process.cpuUsage and hrtime), and
// source by source: each is opened alone, and then all together. Counters of RAPL are those of a virtual powercap tree:
// files on a memory disk, two sockets with memory, which cost about what sysfs files cost without the processor's part.
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, createLogger, type Host } from 'wattloop/base';
import { CurveLoad, VirtualPowercap } from 'wattloop/lab';
import { allSources, Meter } from 'wattloop/meter';
import { type SourceName, settingsSchema } from 'wattloop/model';
import { publish, type Row } from './support/outcome.js';

const COUNT = Number(process.argv[2] ?? 5000);
const WARM_UP = 1000;
const LIMIT_MICROSECONDS = 100;

const empty = (): void => {};

function microseconds(work: () => void): number[] {
  for (let i = 0; i < WARM_UP; i++) work();
  const times: number[] = [];
  for (let i = 0; i < COUNT; i++) {
    const begin = process.hrtime.bigint();
    work();
    times.push(Number(process.hrtime.bigint() - begin) / 1e3);
  }
  return times.sort((a, b) => a - b);
}

function row(name: string, work: () => void): Row {
  const times = microseconds(work);
  const at = (part: number): string => (times[Math.floor((times.length - 1) * part)] ?? 0).toFixed(1);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return {
    'around an empty function': name,
    'median µs': at(0.5),
    'mean µs': mean.toFixed(1),
    'p99 µs': at(0.99),
  };
}

/** What a program without a meter would write: CPU and wall time, no energy. */
function byHand(): { wallSeconds: number; cpuSeconds: number } {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  empty();
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: Number(process.hrtime.bigint() - begin) / 1e9, cpuSeconds: (user + system) / 1e6 };
}

async function spanRow(host: Host, name: string, methods?: readonly SourceName[]): Promise<Row> {
  const sources = allSources(host, settingsSchema.parse({}));
  const meter = await Meter.open(host, methods?.length === 0 ? [] : sources, methods ? { methods } : {});
  await meter.ready();
  let invalid = 0;
  try {
    const cost = row(name, () => {
      const span = meter.span('empty');
      empty();
      const { energies } = span.stop();
      for (const { joules, nodeJoules } of energies) if (!(joules >= 0 && joules <= nodeJoules)) invalid++;
    });
    const read = meter.energySources.map((source) => source.name);
    return { ...cost, 'sources of energy read': read.join(', ') || 'none', 'invalid spans': invalid };
  } finally {
    await meter.close();
  }
}

export async function main(): Promise<void> {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const root = join(mkdtempSync(join(place, 'wattloop-bench-')), 'sys');
  const log = createLogger('error');
  const tree = new VirtualPowercap(createHost({ log }), {
    root,
    sockets: 2,
    extra: ['dram'],
    intervalSeconds: 0.05,
    maxWatts: 100,
    load: new CurveLoad([{ t: 0, watts: 50 }], 2),
  });
  tree.open();
  try {
    const host = createHost({ log, sysfs: root });
    const rows = [
      row('nothing (the clock alone)', empty),
      row('process.cpuUsage + hrtime by hand', byHand),
      await spanRow(host, 'span, no source', []),
      await spanRow(host, 'span, rapl', ['rapl']),
      await spanRow(host, 'span, tdp', ['tdp']),
      await spanRow(host, 'span, all that works here'),
    ];
    const all = Number(rows.at(-1)?.['median µs']);
    publish(
      'span-cost',
      `${COUNT} spans each; the median with all sources is ${all < LIMIT_MICROSECONDS ? 'below' : 'above'} ${LIMIT_MICROSECONDS} µs`,
      rows,
    );
  } finally {
    tree.close();
  }
}

await main();
