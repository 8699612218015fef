// How much slower a workflow is with the meter on: Monte Carlo π in pairs of runs, on and off in changing order, on warm pools.
//   npm run bench -- meter-overhead [--pairs 12] [--points 80000000]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadWorkflow } from 'wattloop/workflow';
import { publish } from './support/outcome.js';
import { openBenchRunner } from './support/quiet-runner.js';

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '12' }, points: { type: 'string', default: '80000000' } },
});
const PAIRS = Number(values.pairs);
const WORKFLOW = join(import.meta.dirname, '..', 'examples', 'monte-carlo-pi', 'workflow.ts');

async function opened(meter: boolean) {
  const bench = await openBenchRunner({ compute: { meter } });
  const loaded = await loadWorkflow(WORKFLOW, bench.settings);
  const once = async (): Promise<number> => {
    const began = process.hrtime.bigint();
    const { status } = await bench.runner.run(loaded, { parameters: { points: Number(values.points) } });
    if (status !== 'done') throw new Error(status);
    return Number(process.hrtime.bigint() - began) / 1e9;
  };
  await once();
  return { once, close: bench.close };
}

const [on, off] = [await opened(true), await opened(false)];
const ratios: number[] = [];
const times: { on: number; off: number }[] = [];
try {
  for (let pair = 0; pair < PAIRS; pair++) {
    const first = pair % 2 === 0 ? await on.once() : await off.once();
    const second = pair % 2 === 0 ? await off.once() : await on.once();
    const [withMeter, without] = pair % 2 === 0 ? [first, second] : [second, first];
    times.push({ on: withMeter, off: without });
    ratios.push(withMeter / without);
  }
} finally {
  await on.close();
  await off.close();
}
const middle = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const deviation = Math.sqrt(
  ratios.reduce((sum, ratio) => sum + (ratio - middle(ratios)) ** 2, 0) / Math.max(1, ratios.length - 1),
);
publish('meter-overhead', `Monte Carlo π, ${PAIRS} pairs of runs`, [
  { meter: 'on', 'seconds, median': middle(times.map((time) => time.on)) },
  { meter: 'off', 'seconds, median': middle(times.map((time) => time.off)) },
  {
    meter: 'on / off',
    'seconds, median': middle(ratios),
    'standard error': deviation / Math.sqrt(ratios.length),
  },
]);
