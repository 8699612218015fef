// How well runs are foretold under configurations that the models were not shown: a grid of configurations is run, each is left
// out in turn, the others train the models, and the prediction is held against what was measured.
//   npm run bench -- predictions [--examples monte-carlo-pi,titanic,analytics] [--workers 1,2,3,4] [--cpu 0.5,1] [--repeat 3]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from 'wattloop/base';
import { type Configuration, type StageSample, WHOLE_RUN } from 'wattloop/model';
import { Forecast, loadWorkflow, runExperiment, trainModels } from 'wattloop/workflow';
import { publish, type Row } from './support/outcome.js';
import { type BenchRunner, openBenchRunner } from './support/quiet-runner.js';

const { values } = parseArgs({
  options: {
    examples: { type: 'string', default: 'monte-carlo-pi,titanic,analytics' },
    workers: { type: 'string', default: '1,2,3,4' },
    cpu: { type: 'string', default: '0.5,1' },
    repeat: { type: 'string', default: '3' },
  },
});
/** Runs so long that what is seen of them is their work, and not how warm the workers happened to be. */
const SIZES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'monte-carlo-pi': { points: 300_000_000 },
};
const numbers = (text: string): number[] => text.split(',').map(Number);
const GRID = { workers: numbers(values.workers), cpu: numbers(values.cpu) };

interface Held {
  readonly time: number;
  readonly energy: number | undefined;
  readonly isExtrapolation: boolean;
}

const keyOf = ({ cpu, memoryMib, workers }: Configuration): string => `${cpu} ${memoryMib} ${workers}`;
const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
const quantile = (list: readonly number[], part: number): number | undefined =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(part * list.length))];

/** Leaves each configuration of the grid out, and foretells it. */
async function heldOut(bench: BenchRunner, example: string): Promise<Held[]> {
  const { runner, settings } = bench;
  const file = join(import.meta.dirname, '..', 'examples', example, 'workflow.ts');
  const loaded = await loadWorkflow(file, settings);
  const { samples } = await runExperiment(runner, loaded, systemClock, {
    grid: GRID,
    parameters: SIZES[example] ?? {},
    repetitions: Number(values.repeat),
    warmUps: 1,
    // Workers of another size take the place of those before, and would begin cold: each configuration runs in one go.
    order: 'blocked',
    seed: 1,
    signal: new AbortController().signal,
    onRun: (done, of, what) => process.stderr.write(`\r\x1b[K${example}: run ${done + 1} of ${of} (${what})`),
  });
  process.stderr.write('\r\x1b[K');
  const measured = samples.filter(({ warmUp }) => !warmUp);
  const whole = measured.filter(({ stage }) => stage === WHOLE_RUN);
  const runsOf = (key: string): Set<string> =>
    new Set(whole.filter(({ configuration }) => keyOf(configuration) === key).map(({ run }) => run));
  return GRID.cpu.flatMap((cpu) =>
    GRID.workers.flatMap((workers): Held[] => {
      const overrides = { '*': { cpu, workers } };
      const stages = runner.plan(loaded, { parameters: SIZES[example] ?? {}, overrides });
      const memoryMib = Math.max(...stages.map(({ configuration }) => configuration.memoryMib));
      const most = Math.max(...stages.map(({ configuration }) => configuration.workers));
      const out = runsOf(keyOf({ cpu, memoryMib, workers: most }));
      const kept = measured.filter(({ run }) => !out.has(run));
      const own = whole.filter(({ run }) => out.has(run));
      if (own.length === 0 || kept.length === 0) return [];
      const prediction = new Forecast(trainModels(kept)).predict(stages);
      return [
        {
          time: error(prediction.wallSeconds.mean, own, ({ wallSeconds }) => wallSeconds) ?? Number.NaN,
          energy: prediction.joules && error(prediction.joules.mean, own, ({ joules }) => joules),
          isExtrapolation: prediction.extrapolations.length > 0,
        },
      ];
    }),
  );
}

/** The relative error of a prediction, against the mean of what was measured. */
function error(
  predicted: number,
  own: readonly StageSample[],
  of: (sample: StageSample) => number | undefined,
): number | undefined {
  const seen = own.flatMap((sample) => of(sample) ?? []);
  return seen.length === 0 ? undefined : Math.abs(predicted / mean(seen) - 1);
}

function rowsOf(example: string, held: readonly Held[]): Row[] {
  const percent = (list: readonly number[], part: number): string => {
    const value = quantile(list, part);
    return value === undefined ? '-' : `${(100 * value).toFixed(1)} %`;
  };
  return [
    { what: 'all held out', of: held },
    { what: 'within what was seen', of: held.filter(({ isExtrapolation }) => !isExtrapolation) },
  ].map(({ what, of }) => ({
    example,
    configurations: `${of.length} ${what}`,
    'time: median error': percent(
      of.map(({ time }) => time),
      0.5,
    ),
    'time: 9 of 10': percent(
      of.map(({ time }) => time),
      0.9,
    ),
    'energy: median error': percent(
      of.flatMap(({ energy }) => energy ?? []),
      0.5,
    ),
    'energy: 9 of 10': percent(
      of.flatMap(({ energy }) => energy ?? []),
      0.9,
    ),
  }));
}

const bench = await openBenchRunner();
try {
  const rows: Row[] = [];
  for (const example of values.examples.split(','))
    rows.push(...rowsOf(example, await heldOut(bench, example)));
  publish(
    'predictions',
    `leave one configuration out of ${GRID.workers.length * GRID.cpu.length}: workers ${values.workers}, cpu ${values.cpu}, ${values.repeat} repetitions`,
    rows,
  );
} finally {
  await bench.close();
}
