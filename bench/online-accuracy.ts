// How close the live account comes to the truth, beside the account of the whole record: random workloads on the laboratory's
// machines, whose energy is known function by function, replayed minute by minute. Sensors are as good as a processor's own
// counters, as a running gateway has them. And the published trace with measured marginal energies, where it is at hand
// (beside the repository, or where REFERENCE_DATA says). Options: how many workloads on each machine, and seconds of each.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AttributeOptions, attribute } from 'wattloop/footprint';
import {
  IDEAL_SENSOR,
  MACHINES,
  type Machine,
  randomWorkload,
  readTrace,
  simulateWithMarginals,
} from 'wattloop/lab';
import { seededRandom } from 'wattloop/maths';
import type { Trace } from 'wattloop/model';
import { publish, type Row } from './support/outcome.js';
import { Score } from './support/score.js';

const WORKLOADS = Number(process.argv[2] ?? 6);
const SECONDS = Number(process.argv[3] ?? 1200);
const PUBLISHED = join(
  process.env.REFERENCE_DATA ?? resolve(import.meta.dirname, '../../shared/data'),
  'faasmeter-desktop',
);
const SENSOR = { ...IDEAL_SENSOR, noisePart: 0.005 };

interface Method {
  readonly name: string;
  readonly options: AttributeOptions;
  readonly usage: boolean;
}

const METHODS: readonly Method[] = [
  { name: 'law, whole record', options: { mode: 'law' }, usage: true },
  { name: 'online, every 60 s', options: { mode: 'online' }, usage: true },
  { name: 'online, every 10 s', options: { mode: 'online', updateSeconds: 10 }, usage: true },
  { name: 'law, no processor time', options: { mode: 'law' }, usage: false },
  { name: 'online, no processor time', options: { mode: 'online' }, usage: false },
  { name: 'published, no idle', options: { mode: 'no-idle' }, usage: false },
];

function laboratoryTrace(machine: Machine, seed: number): Trace {
  const random = seededRandom(seed).fork(machine.name);
  const workload = randomWorkload(random.fork('workload'), machine, { durationSeconds: SECONDS });
  const sensors = { system: SENSOR, cpu: SENSOR, jitterSeconds: 0 };
  return simulateWithMarginals({ machine, workload, sensors, seed, durationSeconds: SECONDS }).trace;
}

function* laboratory(machine: Machine): Iterable<Trace> {
  for (let seed = 1; seed <= WORKLOADS; seed++) yield laboratoryTrace(machine, seed);
}

function scored(machine: string, traces: Iterable<Trace>): Row[] {
  const scores = METHODS.map(({ name }) => new Score(name));
  for (const trace of traces) {
    const { usage: _, ...untold } = trace;
    for (const [i, { options, usage }] of METHODS.entries()) {
      const seen = usage ? trace : untold;
      scores[i]?.add(attribute(seen, options), seen);
    }
  }
  return scores.map((score) => score.row(machine));
}

const rows: Row[] = MACHINES.flatMap((machine) => scored(machine.name, laboratory(machine)));
if (existsSync(PUBLISHED)) rows.push(...scored('published desktop', [await readTrace(PUBLISHED)]));
else rows.push({ machine: 'published desktop', method: `not at hand: no folder ${PUBLISHED}` });
publish(
  'online-accuracy',
  `${WORKLOADS} random workloads of ${SECONDS} s on each machine (medians; difference: mean over workloads of the mean over functions)`,
  rows,
);
