// What Wattloop adds to a task that does nothing: its span, its result in storage and its row in the knowledge base, beside
// bare threads (piscina) and bare processes (Python's ProcessPoolExecutor) on the same tasks. Best of several rounds.
//   npm run bench -- no-op-tasks [--tasks 1000] [--workers 2] [--rounds 5]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Piscina } from 'piscina';
import { loadWorkflow } from 'wattloop/workflow';
import { publish, type Row } from './support/outcome.js';
import { openBenchRunner } from './support/quiet-runner.js';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
  },
});
const [TASKS, WORKERS, ROUNDS] = [values.tasks, values.workers, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const SOURCES = join(import.meta.dirname, '..', 'bench');

/** Lithops' local path takes 0.15 s for such a task: a new interpreter each. */
const LITHOPS_SECONDS = 0.15;

async function ofWattloop(meter: boolean): Promise<number[]> {
  const bench = await openBenchRunner({ compute: { meter, local: { max_cpus: WORKERS } } });
  try {
    const loaded = await loadWorkflow(join(SOURCES, 'workflows', 'no-op.ts'), bench.settings);
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const began = process.hrtime.bigint();
      const record = await bench.runner.run(loaded, { parameters: { tasks: TASKS } });
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      let stored = 0;
      for await (const _ of bench.runner.store.list(`runs/${record.id}/nothing/`)) stored++;
      const rows = bench.runner.knowledge.countInvocations(record.id);
      if (record.status !== 'done' || stored !== TASKS || rows !== TASKS)
        throw new Error(`${record.status}: ${stored} objects, ${rows} rows of ${TASKS}`);
      // The first round warms the pool.
      if (round > 0) rates.push(TASKS / seconds);
    }
    return rates;
  } finally {
    await bench.close();
  }
}

async function ofPiscina(): Promise<number[]> {
  const filename = join(import.meta.dirname, 'support', 'no-op-worker.js');
  const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS });
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const began = process.hrtime.bigint();
    await Promise.all(Array.from({ length: TASKS }, () => pool.run(undefined)));
    if (round > 0) rates.push(TASKS / (Number(process.hrtime.bigint() - began) / 1e9));
  }
  await pool.destroy();
  return rates;
}

function ofPython(): number[] {
  const script = join(SOURCES, 'support', 'process-pool.py');
  const rates = Array.from({ length: ROUNDS }, () => {
    const { stdout } = spawnSync('python3', [script, String(TASKS), String(WORKERS)], { encoding: 'utf8' });
    return Number(stdout ?? Number.NaN);
  });
  return rates.filter((rate) => rate > 0);
}

function row(what: string, rates: readonly number[]): Row {
  const sorted = [...rates].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return {
    what,
    'tasks/s, median': median === undefined ? 'absent here' : Math.round(median),
    best: sorted.at(-1) === undefined ? undefined : Math.round(sorted.at(-1) ?? 0),
    'µs each': median === undefined ? undefined : Math.round(1e6 / median),
    'of Lithops at 0.15 s':
      median === undefined ? undefined : `${Math.round(median * LITHOPS_SECONDS)} times`,
  };
}

const rows = [
  row('wattloop: span, object, row', await ofWattloop(true)),
  row('wattloop: object, row, meter off', await ofWattloop(false)),
  row('piscina: bare threads', await ofPiscina()),
  row('python ProcessPoolExecutor: bare processes', ofPython()),
];
publish(
  'no-op-tasks',
  `${TASKS} no-ops on ${WORKERS} workers, ${ROUNDS} rounds after one that warms up`,
  rows,
);
