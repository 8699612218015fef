// What it costs to keep the calls of a gateway, and to read them again when there are ten million: seconds of 5,000 calls of
// 50 functions are recorded one after the other, with a row of the machine each and a window each minute. The peer is a
// plain table with the same indexes, every name in every row, and a statement a call.
//   npm run bench -- served-calls [MILLION CALLS]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { Knowledge, type Served } from 'wattloop/knowledge';
import { type AccountedCall, CallColumns, type FootprintWindow } from 'wattloop/model';
import { publish, type Row } from './support/outcome.js';

const CALLS = Number(process.argv[2] ?? 10) * 1e6;
const PER_SECOND = 5_000;
const FUNCTIONS = 50;
const BEGIN = 1_775_001_600;
const SECONDS = Math.ceil(CALLS / PER_SECOND);
const END = BEGIN + SECONDS;
const NAMES = Array.from({ length: FUNCTIONS }, (_, index) => `function-${index}`);

function callsOf(second: number): AccountedCall[] {
  return Array.from({ length: PER_SECOND }, (_, index) => {
    const number = second * PER_SECOND + index;
    const which = (index * 7 + second) % FUNCTIONS;
    const endedAt = BEGIN + second + index / PER_SECOND;
    return {
      id: `0b0c1d52-7f5e-4a6e-9d0b-${String(number).padStart(12, '0')}`,
      function: NAMES[which] ?? '',
      version: `v${which}`,
      replica: `function-${which}-${index % 4}`,
      attempt: 1,
      isAsync: false,
      arrivedAt: endedAt - 0.0315,
      startedAt: endedAt - 0.031,
      endedAt,
      cold: false,
      // One in a thousand fails; of one function only in the first second.
      status: number % 1_000 === 0 || (which === 3 && second === 0) ? 'failed' : 'done',
      httpStatus: 200,
      cpuSeconds: 0.01 + (index % 97) / 1e4,
      requestBytes: 512,
      responseBytes: 2_048 + index,
      energy: {
        joules: 0.4 + (index % 89) / 1e3,
        idleJoules: 0.1 + (index % 83) / 1e4,
        source: 'rapl',
        provenance: 'measured',
      },
    };
  });
}

const windowOf = (from: number): FootprintWindow => ({
  from,
  to: from + 60,
  measuredJoules: 6_000,
  individualJoules: 3_000,
  controlPlaneJoules: 500,
  idleJoules: 2_000,
  unattributedJoules: 500,
  principalJoules: { 'control-plane': 400, wattloop: 100 },
  gramsPerKilowattHour: 400,
  functions: NAMES.map((name) => ({
    function: name,
    calls: 6_000,
    errors: 6,
    cold: 1,
    callSeconds: 186,
    cpuSeconds: 90,
    individualJoules: 60,
    controlPlaneJoules: 10,
    idleJoules: 40,
    operationalGrams: 0.6,
    embodiedGrams: 0.1,
  })),
});

const usage = Object.fromEntries(NAMES.map((name, index) => [`fn:${name}`, index / 1_000]));

interface Cost {
  readonly wall: number[];
  cpu: number;
}

const newCost = (): Cost => ({ wall: [], cpu: 0 });

function timed<Result>(cost: Cost, work: () => Result): Result {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const result = work();
  cost.wall.push(Number(process.hrtime.bigint() - begin) / 1e6);
  const { user, system } = process.cpuUsage(cpu);
  cost.cpu += (user + system) / 1e3;
  return result;
}

function row(what: string, { wall, cpu }: Cost, each: number, note: string): Row {
  const sorted = [...wall].sort((a, b) => a - b);
  const sum = wall.reduce((total, milliseconds) => total + milliseconds, 0);
  return {
    what,
    times: wall.length,
    'mean ms': sum / wall.length,
    'longest ms': sorted.at(-1),
    'µs of wall time each': each > 0 ? (sum * 1e3) / each : undefined,
    'µs of CPU each': each > 0 ? (cpu * 1e3) / each : undefined,
    note,
  };
}

function plainTable(folder: string, count: number): Row {
  const path = join(folder, 'plain.db');
  const database = new Database(path);
  const columns = Object.keys(callsOf(0)[0] ?? {}).filter((name) => name !== 'energy');
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
     CREATE TABLE calls (${columns.join(', ')}, joules, idle);
     CREATE INDEX by_end ON calls (endedAt); CREATE INDEX by_function ON calls (function, status, endedAt)`,
  );
  const insert = database.prepare(
    `INSERT INTO calls VALUES (${Array.from({ length: columns.length + 2 }, () => '?').join(', ')})`,
  );
  const cost = newCost();
  for (let second = 0; second < count / PER_SECOND; second++) {
    const calls = callsOf(second) as unknown as (Record<string, unknown> & AccountedCall)[];
    timed(cost, () => {
      database.exec('BEGIN IMMEDIATE');
      for (const call of calls)
        insert.run([
          ...columns.map((name) => (typeof call[name] === 'boolean' ? Number(call[name]) : call[name])),
          call.energy?.joules,
          call.energy?.idleJoules,
        ]);
      database.exec('COMMIT');
    });
  }
  database.close();
  return row(
    'peer: plain table, 5,000 calls',
    cost,
    count,
    `${Math.round(statSync(path).size / count)} bytes a call`,
  );
}

function record(served: Served): Row[] {
  const [calls, seconds, windows] = [newCost(), newCost(), newCost()];
  for (let second = 0; second < SECONDS; second++) {
    const columns = CallColumns.of(callsOf(second));
    timed(calls, () => served.recordCalls(columns));
    const at = BEGIN + second + 1;
    timed(seconds, () =>
      served.recordSeconds([{ at, seconds: 1, watts: 100, cpuWatts: 60, idleWatts: 40, cpuSeconds: usage }]),
    );
    if (second % 60 === 59) timed(windows, () => served.recordWindow(windowOf(at - 60)));
  }
  return [
    row(
      'recordCalls, 5,000 calls',
      calls,
      CALLS,
      `${Math.round((served.sizeMib() * 2 ** 20) / CALLS)} bytes a call`,
    ),
    row('recordSeconds, 1 row', seconds, SECONDS, `${FUNCTIONS} functions`),
    row('recordWindow', windows, 0, `${FUNCTIONS} functions`),
  ];
}

function read(served: Served): Row[] {
  const middle = BEGIN + SECONDS / 2;
  const questions: readonly (readonly [string, () => number])[] = [
    ['calls: newest 100', () => served.calls({ limit: 100 }).calls.length],
    ['calls: 100 from the middle', () => served.calls({ to: middle, limit: 100 }).calls.length],
    ['calls: of a function', () => served.calls({ function: 'function-7', limit: 100 }).calls.length],
    [
      'calls: of a function, failed',
      () => served.calls({ function: 'function-7', status: 'failed', limit: 100 }).calls.length,
    ],
    [
      'calls: failed, before the middle',
      () => served.calls({ status: 'failed', to: middle, limit: 100 }).calls.length,
    ],
    ['calls: done', () => served.calls({ status: 'done', limit: 100 }).calls.length],
    ['calls: that there are none of', () => served.calls({ status: 'crashed', limit: 100 }).calls.length],
    [
      'calls: of a function, far back',
      () =>
        served.calls({ function: 'function-3', status: 'failed', to: BEGIN + 1, limit: 100 }).calls.length,
    ],
    [
      'series: all by second',
      () => served.series({ from: Math.max(BEGIN, END - 3_600), to: END, stepSeconds: 1 }).points.length,
    ],
    [
      'series: a function by 10 s',
      () =>
        served.series({
          from: Math.max(BEGIN, END - 3_600),
          to: END,
          stepSeconds: 10,
          function: 'function-7',
        }).points.length,
    ],
    ['footprints: all kept', () => served.footprints({ from: 0, to: 1e10 })?.functions.length ?? 0],
    [
      'footprints: a day of a year ago to now',
      () => served.footprints({ from: BEGIN - 365 * 86_400, to: BEGIN })?.functions.length ?? 0,
    ],
    [
      'footprints: of a function, a year',
      () =>
        served.footprints({ from: BEGIN - 365 * 86_400, to: END, function: 'function-7' })?.functions
          .length ?? 0,
    ],
  ];
  return questions.map(([what, ask]) => {
    const cost = newCost();
    let found = 0;
    for (let time = 0; time < 20; time++) found = timed(cost, ask);
    return row(what, cost, 0, `${found} found`);
  });
}

/** A year of hours, so that sums over a year have that many rows to add up. */
function recordYear(served: Served): void {
  for (let hour = 365 * 24; hour > 0; hour--) served.recordWindow(windowOf(BEGIN - hour * 3_600));
}

function tidy(served: Served): Row {
  const cost = newCost();
  const keep = { raw_hours: 1, minutes_days: 7, hours_days: 365, max_mib: Math.max(1, served.sizeMib() / 2) };
  const before = CALLS;
  while (!timed(cost, () => served.tidy(END, keep)).done);
  return row('tidy: leave out half of it', cost, before / 2, `${Math.round(served.sizeMib())} MiB left`);
}

const folder = mkdtempSync(join(tmpdir(), 'wattloop-bench-'));
try {
  const knowledge = await Knowledge.open(join(folder, 'knowledge.db'));
  const { served } = knowledge;
  const peer = plainTable(folder, Math.min(CALLS, 1e6));
  const rows = [peer, ...record(served)];
  recordYear(served);
  rows.push(...read(served), tidy(served), ...read(served).slice(0, 1));
  publish('served-calls', `${CALLS / 1e6} million calls of ${FUNCTIONS} functions`, rows);
  knowledge.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
