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
  /** Of one function, per second: bounds the size of a run. A function that reaches it brings less load than its share. */
  readonly highestRate?: number;
  /** The pattern of all arrivals; by chance for each function where absent. */
  readonly arrivals?: Arrivals['kind'];
  /** Part of the functions that appear or vanish in the course of the run. */
  readonly passing?: number;
}

const HIGHEST_RATE = 20;
const PASSING = 0.2;
/** How unequal functions are: standard deviation of the logarithm of the load that each brings. */
const INEQUALITY = 0.7;

/** Most functions are asked for at random moments, others in waves, bursts or by the clock. */
function randomKind(random: Random): Arrivals['kind'] {
  const kind = random.uniform();
  if (kind < 0.4) return 'poisson';
  if (kind < 0.65) return 'minutes';
  if (kind < 0.8) return 'bursty';
  return kind < 0.9 ? 'heavy-tailed' : 'periodic';
}

/** A pattern of arrivals with chance in its figures, and, where none is named, in its kind. */
export function randomArrivals(random: Random, perSecond: number, named?: Arrivals['kind']): Arrivals {
  const byChance = randomKind(random);
  const kind = named ?? byChance;
  const [a, b] = [random.uniform(), random.uniform()];
  switch (kind) {
    case 'poisson':
      return { kind, perSecond };
    case 'minutes':
      return { kind, perSecond, spread: 0.3 + 0.7 * a, persistence: 0.8 * b };
    case 'bursty':
      return { kind, perSecond, onSeconds: 10 + 50 * a, offSeconds: 10 + 80 * b };
    case 'heavy-tailed':
      return { kind, perSecond, spread: 0.8 + a };
    case 'periodic': {
      const batch = 1 + Math.floor(4 * a);
      return { kind, everySeconds: batch / perSecond, batch, jitterSeconds: 0.2 + b };
    }
  }
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
  const { durationSeconds, highestRate = HIGHEST_RATE, passing = PASSING } = options;
  const profiles = profilesFor(random.fork('profiles'), machine, count);
  const shares = profiles.map(() => Math.exp(INEQUALITY * random.normal()));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const functions = profiles.map((profile, index): WorkloadFunction => {
    const own = random.fork(`arrivals ${index}`);
    const rate = ((shares[index] ?? 0) / total) * (load / costOf(profile, machine));
    const arrivals = randomArrivals(own, Math.min(highestRate, rate), options.arrivals);
    if (own.uniform() >= passing) return { profile, arrivals };
    const length = durationSeconds * between(own, 0.3, 0.7);
    const fromSeconds = (durationSeconds - length) * own.uniform();
    return { profile, arrivals, fromSeconds, untilSeconds: fromSeconds + length };
  });
  return { functions, keepAliveSeconds: 600 };
}
