// The live account held against `wattloop attribute` on the recorded trace of the same run: footprints of functions by both,
// and whether the parts make up what was measured.
//   npm run bench -- live-account [--minutes 3] [--update 20]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchGateway, load } from './support/gateway.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, update: { type: 'string', default: '20' } },
});
const [MINUTES, UPDATE] = [Number(values.minutes), Number(values.update)];
const EXAMPLES = join(import.meta.dirname, '..', 'examples', 'functions');
const MAIN = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
/** Calls a second, so that two processors are busy for about half of the time. */
const RATES: Readonly<Record<string, number>> = {
  aes: 2,
  json: 2,
  matmul: 2,
  linpack: 1,
  cnn: 1,
  image: 1,
  'ml-train': 0.5,
  dd: 0.5,
};

const gateway = await BenchGateway.start({
  args: ['--functions', EXAMPLES, '--record', 'trace'],
  settings: { gateway: { account: { update_seconds: UPDATE } } },
});
const names = Object.keys(RATES);
for (const name of names) await gateway.serves(name);
const began = Date.now() / 1e3;
await load({
  gateway: gateway.url,
  durationSeconds: MINUTES * 60,
  forAll: { arrival: 'exponential', timeoutSeconds: 60 },
  functions: names.map((name) => ({ name, rate: RATES[name] ?? 1 })),
});
// Until the window with the last calls is settled.
await new Promise((resolve) => setTimeout(resolve, (UPDATE + 2) * 1e3));

interface Live {
  readonly from: number;
  readonly to: number;
  readonly functions: Readonly<
    Record<string, { invocations: number; individual_joules: number; total_joules: number }>
  >;
  readonly shares: Readonly<Record<string, number>>;
}
const live = await gateway.json<Live>(`footprints?from=${began - 3_600}&to=${Date.now() / 1e3}`);
await gateway.stop();
// The recording goes on to the gateway's end; what is compared ends with the last window that the live figures have.
const seconds = live.to - live.from;
for (const [file, column] of [
  ['power.csv', 0],
  ['usage.csv', 0],
  ['invocations.csv', 1],
] as const) {
  const path = join(gateway.folder, 'trace', file);
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const kept = lines.filter((line) => Number(line.split(',')[column]) <= seconds + 1e-6);
  writeFileSync(path, `${[header, ...kept].join('\n')}\n`);
}
const replayed = spawnSync(
  process.execPath,
  [
    MAIN,
    'attribute',
    join(gateway.folder, 'trace'),
    '--mode',
    'online',
    '--update',
    `${UPDATE}s`,
    '--json',
    '--quiet',
  ],
  { encoding: 'utf8', maxBuffer: 2 ** 28 },
);
interface Offline {
  readonly functions: Readonly<
    Record<string, { invocations: number; individual_j: number; total_j: number }>
  >;
  readonly shares: Readonly<Record<string, number>>;
}
const offline = JSON.parse(replayed.stdout) as Offline;
const relative = (a: number, b: number): number => (a === b ? 0 : ((a - b) / b) * 100);
const rows: Row[] = Object.entries(live.functions).map(([name, row]) => {
  const other = offline.functions[name];
  const [individual, total] = [
    (other?.individual_j ?? Number.NaN) * (other?.invocations ?? Number.NaN),
    (other?.total_j ?? Number.NaN) * (other?.invocations ?? Number.NaN),
  ];
  return {
    function: name,
    'live J, own': row.individual_joules,
    'attribute J, own': individual,
    'differ by %': relative(row.individual_joules, individual),
    'live J, all': row.total_joules,
    'attribute J, all': total,
    'differ by % ': relative(row.total_joules, total),
  };
});
const { measured_joules: measured = Number.NaN, ...parts } = live.shares;
const sum = Object.values(parts).reduce((total, part) => total + part, 0);
publish(
  'live-account',
  `${MINUTES} minutes, updates every ${UPDATE} s. Live: parts ${sum.toFixed(6)} J of ${measured.toFixed(6)} J measured. Attribute: ${offline.shares.measured_j?.toFixed(6)} J measured.`,
  rows,
);
gateway.remove();
