import type { Random } from '../../maths/index.js';
import { ARCHETYPES, type Archetype, between, functionOf } from './archetypes.js';
import type { Arrivals } from './arrivals.js';
import type { Machine } from './machine.js';
import type { FunctionProfile } from './profile.js';
import { costOf, type Workload, type WorkloadFunction } from './workload.js';

export interface RandomWorkloadOptions {
  readonly durationSeconds: number;
  /** 3 to 10 by chance where absent. */
  readonly functions?: number;
  /** Part of the machine that is asked for on average: 0.1 to 0.8 by chance where absent. */
  readonly load?: number;
  /** Of one function, per second: bounds the size of a run. */
  readonly highestRate?: number;
}

const HIGHEST_RATE = 20;
/** Of the functions, those that appear or vanish in the course of the run. */
const PASSING = 0.2;
/** How unequal functions are: standard deviation of the logarithm of the load that each brings. */
const INEQUALITY = 0.7;

/** A pattern of arrivals by chance: most come at random moments, others in waves, bursts or by the clock. */
export function randomArrivals(random: Random, perSecond: number): Arrivals {
  const kind = random.uniform();
  const [a, b] = [random.uniform(), random.uniform()];
  if (kind < 0.4) return { kind: 'poisson', perSecond };
  if (kind < 0.65) return { kind: 'minutes', perSecond, spread: 0.3 + 0.7 * a, persistence: 0.8 * b };
  if (kind < 0.8) return { kind: 'bursty', perSecond, onSeconds: 10 + 50 * a, offSeconds: 10 + 80 * b };
  if (kind < 0.9) return { kind: 'heavy-tailed', perSecond, spread: 0.8 + a };
  const batch = 1 + Math.floor(4 * a);
  return { kind: 'periodic', everySeconds: batch / perSecond, batch, jitterSeconds: 0.2 + b };
}

const kindsFor = (machine: Machine): Archetype[] =>
  ARCHETYPES.filter((kind) => kind !== 'gpu' || machine.gpu !== undefined);

/** A function of each kind in turn, from a place in the list that chance chooses; boards with a GPU have work for it. */
function profilesFor(random: Random, machine: Machine, count: number): FunctionProfile[] {
  const kinds = kindsFor(machine);
  return Array.from({ length: count }, (_, index) => {
    const gpu = machine.gpu !== undefined && index % 3 === 0;
    const kind = gpu ? 'gpu' : (kinds[random.below(kinds.length)] ?? 'compute');
    return functionOf(kind, `${kind}-${index + 1}`, random.fork(`profile ${index}`), machine);
  });
}

/** Functions of all kinds in random proportions, for tests of whoever accounts for them. */
export function randomWorkload(random: Random, machine: Machine, options: RandomWorkloadOptions): Workload {
  const count = options.functions ?? 3 + random.below(8);
  const load = options.load ?? 0.1 + 0.7 * random.uniform();
  const { durationSeconds, highestRate = HIGHEST_RATE } = options;
  const profiles = profilesFor(random.fork('profiles'), machine, count);
  const shares = profiles.map(() => Math.exp(INEQUALITY * random.normal()));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const functions = profiles.map((profile, index): WorkloadFunction => {
    const own = random.fork(`arrivals ${index}`);
    const rate = ((shares[index] ?? 0) / total) * (load / costOf(profile, machine));
    const arrivals = randomArrivals(own, Math.min(highestRate, rate));
    if (own.uniform() >= PASSING) return { profile, arrivals };
    const length = durationSeconds * between(own, 0.3, 0.7);
    const fromSeconds = (durationSeconds - length) * own.uniform();
    return { profile, arrivals, fromSeconds, untilSeconds: fromSeconds + length };
  });
  return { functions, keepAliveSeconds: 600 };
}
