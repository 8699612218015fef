import type { Random } from '../../maths/index.js';
import { type Archetype, between, functionOf } from './archetypes.js';
import type { Arrivals } from './arrivals.js';
import type { Machine } from './machine.js';
import { atLoad, sizedTo, type Workload, type WorkloadFunction } from './workload.js';

export interface CloudWorkloadOptions {
  readonly functions: number;
  readonly durationSeconds: number;
  readonly load: number;
  /** How many there are to be, about; the functions' work is sized so that the load is met. Absent: the load decides. */
  readonly invocations?: number;
}

/** Standard deviation of the logarithm of how often functions are asked for: few get most, as in published traces of clouds. */
const POPULARITY_SPREAD = 2;
/** On a timer, as part of the functions. */
const TIMED = 0.25;
const KINDS: readonly Archetype[] = [
  'short',
  'short',
  'short',
  'service',
  'service',
  'compute',
  'compute',
  'memory',
  'disk',
];

/** Rates change from minute to minute; what is asked for seldom comes by the clock or in clumps. */
function arrivalsOf(random: Random, perSecond: number): Arrivals {
  const [kind, a, b] = [random.uniform(), random.uniform(), random.uniform()];
  if (kind < TIMED && perSecond < 1)
    return { kind: 'periodic', everySeconds: 1 / perSecond, batch: 1, jitterSeconds: 0.5 };
  if (kind < 2 * TIMED && perSecond < 1) return { kind: 'heavy-tailed', perSecond, spread: 1 + a };
  return { kind: 'minutes', perSecond, spread: 0.2 + 0.8 * a, persistence: 0.9 * b };
}

/** Many functions of a cloud: a few get nearly all invocations, most hardly any, and rates are never steady. */
export function cloudWorkload(random: Random, machine: Machine, options: CloudWorkloadOptions): Workload {
  const { functions, durationSeconds, load, invocations } = options;
  const weights = Array.from({ length: functions }, () => Math.exp(POPULARITY_SPREAD * random.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const digits = String(functions).length;
  const all = weights.map((weight, index): WorkloadFunction => {
    const own = random.fork(`function ${index}`);
    const perSecond = ((invocations ?? durationSeconds) / durationSeconds) * (weight / total);
    const kind = KINDS[own.below(KINDS.length)] ?? 'short';
    const profile = functionOf(
      kind,
      `f${String(index + 1).padStart(digits, '0')}`,
      own.fork('profile'),
      machine,
    );
    const cpuSeconds = profile.cpuSeconds * between(own, 0.5, 2);
    return { profile: { ...profile, cpuSeconds }, arrivals: arrivalsOf(own, perSecond) };
  });
  const workload = { functions: all, keepAliveSeconds: 600 };
  return invocations === undefined ? atLoad(workload, machine, load) : sizedTo(workload, machine, load);
}
