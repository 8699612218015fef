// How close the account comes to the truth: random workloads on the laboratory's machines, seen through faulty sensors, whose
// energy is known function by function; and a published trace with measured marginal energies, where it is at hand (beside the
// repository, or where REFERENCE_DATA says). Beside the account: the published linear model, and energy in proportion to
// running time. Options: how many workloads on each machine, and seconds of each.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attribute } from 'wattloop/footprint';
import { MACHINES, type Machine, randomWorkload, readTrace, simulateWithMarginals } from 'wattloop/lab';
import { seededRandom } from 'wattloop/maths';
import type { Trace } from 'wattloop/model';
import { naive } from './support/naive.js';
import { publish, type Row } from './support/outcome.js';
import { randomSensors } from './support/random-sensors.js';
import { Score } from './support/score.js';

const WORKLOADS = Number(process.argv[2] ?? 10);
const SECONDS = Number(process.argv[3] ?? 1800);
const PUBLISHED = join(
  process.env.REFERENCE_DATA ?? resolve(import.meta.dirname, '../../shared/data'),
  'faasmeter-desktop',
);
const COSINE = 0.99;
const TOTAL_ERROR = 0.05;
const INDIVIDUAL_DIFFERENCE = 0.1;

function laboratoryTrace(machine: Machine, seed: number): Trace {
  const random = seededRandom(seed).fork(machine.name);
  const workload = randomWorkload(random.fork('workload'), machine, { durationSeconds: SECONDS });
  const sensors = randomSensors(random.fork('sensors'), machine);
  return simulateWithMarginals({ machine, workload, sensors, seed, durationSeconds: SECONDS }).trace;
}

/** Ours first. The published linear model is told the idle power as we found it, or gives idle to the functions too. */
function scored(traces: Iterable<Trace>): Score[] {
  const [ours, full, above, guess] = [
    new Score('account (default)'),
    new Score('published, full'),
    new Score('published, no idle'),
    new Score('in proportion to latency'),
  ];
  for (const trace of traces) {
    const account = attribute(trace);
    ours.add(account, trace);
    full.add(attribute(trace, { mode: 'full' }), trace);
    above.add(attribute(trace, { mode: 'no-idle' }), trace);
    guess.add(naive(account, trace), trace);
  }
  return [ours, full, above, guess];
}

function* laboratory(machine: Machine): Iterable<Trace> {
  for (let seed = 1; seed <= WORKLOADS; seed++) yield laboratoryTrace(machine, seed);
}

/** What a machine's scores miss of what is asked for. */
function missed([ours, ...others]: readonly Score[]): string[] {
  if (ours === undefined) return [];
  const { cosine, individualDifference, totalError } = ours.figures();
  return [
    ...(cosine >= COSINE ? [] : [`median cosine below ${COSINE}`]),
    ...(totalError < TOTAL_ERROR ? [] : [`median total error above ${TOTAL_ERROR}`]),
    ...(individualDifference < INDIVIDUAL_DIFFERENCE
      ? []
      : [`mean individual difference above ${INDIVIDUAL_DIFFERENCE}`]),
    ...others.flatMap((other) => {
      const figures = other.figures();
      return cosine > figures.cosine && individualDifference < figures.individualDifference
        ? []
        : [`not better than ${other.method}`];
    }),
  ];
}

const rows: Row[] = [];
const verdicts: string[] = [];
for (const machine of MACHINES) {
  const scores = scored(laboratory(machine));
  rows.push(...scores.map((score) => score.row(machine.name)));
  verdicts.push(`${machine.name}: ${missed(scores).join(', ') || 'reached'}`);
}
if (existsSync(PUBLISHED)) {
  const trace = await readTrace(PUBLISHED);
  rows.push(...scored([trace]).map((score) => score.row('published desktop')));
} else {
  rows.push({ machine: 'published desktop', method: `not at hand: no folder ${PUBLISHED}` });
}
publish(
  'account-accuracy',
  `${WORKLOADS} random workloads of ${SECONDS} s on each machine (medians; difference: mean). ${verdicts.join('; ')}`,
  rows,
);
