// Whether a DAG of 10,000 invocations costs the client more memory, or more time for each invocation, than one of 100.
//   npm run bench -- large-dag [--sizes 100,1000,10000]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadWorkflow } from 'wattloop/workflow';
import { publish, type Row } from './support/outcome.js';
import { openBenchRunner } from './support/quiet-runner.js';

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '100,1000,10000' } } });
const MIB = 1024 ** 2;

const bench = await openBenchRunner();
const rows: Row[] = [];
try {
  const loaded = await loadWorkflow(
    join(import.meta.dirname, '..', 'bench', 'workflows', 'chain.ts'),
    bench.settings,
  );
  // Workers start, and code is compiled, before anything is counted.
  await bench.runner.run(loaded, { parameters: { invocations: 500 } });
  for (const size of values.sizes.split(',').map(Number)) {
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 20);
    const began = { at: process.hrtime.bigint(), cpu: process.cpuUsage() };
    const record = await bench.runner.run(loaded, { parameters: { invocations: size } });
    const seconds = Number(process.hrtime.bigint() - began.at) / 1e9;
    const { user, system } = process.cpuUsage(began.cpu);
    clearInterval(watch);
    const { invocations = 0 } = record.totals ?? {};
    rows.push({
      invocations,
      status: record.status,
      'ms each': (1e3 * seconds) / invocations,
      'client CPU, ms each': (user + system) / 1e3 / invocations,
      'client memory at most, MiB': Math.round(Math.max(peak, process.memoryUsage.rss()) / MIB),
    });
  }
} finally {
  await bench.close();
}
publish(
  'large-dag',
  'a DAG of growing size: two stages of equal width, partition by partition, and one that gathers',
  rows,
);
