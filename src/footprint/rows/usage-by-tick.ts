import type { UsageTable } from '../../model/index.js';
import { SampleTimes } from './sample-times.js';
import { checkTicks, edgeOf, lastTickOf, type Ticks, tickOf } from './ticks.js';

/** Amounts by tick; NaN in ticks that samples don't tell of. A counter that is nowhere available is absent. */
export interface PrincipalUsage {
  readonly cpuSeconds: Float64Array;
  readonly cycles?: Float64Array;
  readonly referenceCycles?: Float64Array;
  readonly instructions?: Float64Array;
  readonly llcMisses?: Float64Array;
}

export interface UsageByTick {
  readonly ticks: Ticks;
  readonly functions: ReadonlyMap<string, PrincipalUsage>;
  /** All others by name: `system`, `control-plane`, `os`, `wattloop`. */
  readonly others: ReadonlyMap<string, PrincipalUsage>;
}

const FUNCTION_PREFIX = 'fn:';
const COUNTERS = ['cpuSeconds', 'cycles', 'referenceCycles', 'instructions', 'llcMisses'] as const;
/** Of a tick: rounding of its edges is no lack of samples. */
const TOLERANCE = 1e-6;

/**
 * Who used the processor in each tick: what a sample says is spread evenly over the time since the sample before. A function
 * without a row in a sample used nothing, as samplers leave out who is idle; of other principals nothing is known then.
 */
export function usageByTick(usage: UsageTable, ticks: Ticks): UsageByTick {
  checkTicks(ticks);
  const { start, tickSeconds, count } = ticks;
  const samples = new SampleTimes(usage);
  const courses = usage.principals.map((name) => new Course(name, { start, tickSeconds, count }, samples));
  for (let row = 0; row < usage.t.length; row++) courses[usage.principalIndex[row] ?? 0]?.take(usage, row);
  const functions = new Map<string, PrincipalUsage>();
  const others = new Map<string, PrincipalUsage>();
  for (const course of courses) {
    if (course.isFunction) functions.set(course.name.slice(FUNCTION_PREFIX.length), course.usage());
    else others.set(course.name, course.usage());
  }
  return { ticks: { start, tickSeconds, count }, functions, others };
}

/** One principal's amounts. */
class Course {
  readonly name: string;
  readonly isFunction: boolean;
  readonly #ticks: Ticks;
  readonly #samples: SampleTimes;
  /** By counter, made with the first figure. */
  readonly #amounts: (Float64Array | undefined)[] = COUNTERS.map(() => undefined);
  /** Times for which a counter had no figure, as ticks from and to; few, as a rule. */
  readonly #unknown: [counter: number, first: number, last: number][] = [];
  #from = Number.NaN;
  #to = Number.NaN;

  constructor(name: string, ticks: Ticks, samples: SampleTimes) {
    this.name = name;
    this.isFunction = name.startsWith(FUNCTION_PREFIX);
    this.#ticks = ticks;
    this.#samples = samples;
  }

  take(usage: UsageTable, row: number): void {
    const to = usage.t[row] ?? Number.NaN;
    const before = this.#samples.before(to);
    // What is read now and then tells of all the time since; a function that was left out was idle till the last sample.
    const wasLeftOut = !(this.#to > before - this.#samples.usualSeconds / 2);
    const from = Number.isNaN(this.#to) || (this.isFunction && wasLeftOut) ? before : this.#to;
    if (!(from < to)) return;
    if (Number.isNaN(this.#from)) this.#from = from;
    this.#to = to;
    for (const [counter, name] of COUNTERS.entries()) {
      this.#spread(counter, usage[name]?.[row] ?? Number.NaN, from, to);
    }
  }

  usage(): PrincipalUsage {
    const [from, to] = this.isFunction ? [this.#samples.from, this.#samples.to] : [this.#from, this.#to];
    for (const [counter, first, last] of this.#unknown)
      this.#amounts[counter]?.fill(Number.NaN, first, last + 1);
    for (const amounts of this.#amounts) {
      if (amounts) this.#blankOutside(amounts, from, to);
    }
    const [cpuSeconds, cycles, referenceCycles, instructions, llcMisses] = this.#amounts;
    return {
      cpuSeconds: cpuSeconds ?? new Float64Array(this.#ticks.count).fill(Number.NaN),
      ...(cycles && { cycles }),
      ...(referenceCycles && { referenceCycles }),
      ...(instructions && { instructions }),
      ...(llcMisses && { llcMisses }),
    };
  }

  #spread(counter: number, amount: number, from: number, to: number): void {
    const first = Math.max(0, tickOf(this.#ticks, from));
    const last = Math.min(this.#ticks.count - 1, lastTickOf(this.#ticks, to));
    if (last < first) return;
    if (Number.isNaN(amount)) {
      this.#unknown.push([counter, first, last]);
      return;
    }
    const amounts = this.#amounts[counter] ?? new Float64Array(this.#ticks.count);
    this.#amounts[counter] = amounts;
    const rate = amount / (to - from);
    for (let tick = first; tick <= last; tick++) {
      const begin = Math.max(from, edgeOf(this.#ticks, tick));
      const end = Math.min(to, edgeOf(this.#ticks, tick + 1));
      amounts[tick] = (amounts[tick] ?? 0) + rate * (end - begin);
    }
  }

  /** Ticks that are not wholly between the two times are not known. */
  #blankOutside(amounts: Float64Array, from: number, to: number): void {
    const slack = TOLERANCE * this.#ticks.tickSeconds;
    for (let tick = 0; tick < amounts.length; tick++) {
      const isKnown =
        edgeOf(this.#ticks, tick) >= from - slack && edgeOf(this.#ticks, tick + 1) <= to + slack;
      if (!isKnown) amounts[tick] = Number.NaN;
    }
  }
}
