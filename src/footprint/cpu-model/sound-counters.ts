import { median } from '../../maths/index.js';
import { type CounterColumns, type CounterSample, eachCounter, sampleAt } from './counters.js';

/** No processor runs faster, or does more at once. */
const MAX_HERTZ = 10e9;
const MAX_INSTRUCTIONS_A_CYCLE = 10;
/** CPU time is counted in steps of a hundredth of a second; a little of it proves nothing. */
const CPU_STEP_SECONDS = 0.05;
/** Counters that take turns are scaled up from a part of the time: now and then from one that says nothing. */
const CLOCK_FACTOR = 2;
const NEIGHBOURS = 10;

const amount = (value: number): number => (Number.isFinite(value) && value >= 0 ? value : Number.NaN);

/** What is left of a sample when figures that can't be are taken as not available: negative, after a reset, more than a processor does. */
export function soundSample(
  sample: CounterSample,
  capacitySeconds = Number.POSITIVE_INFINITY,
): CounterSample {
  const told = eachCounter((name) => amount(sample[name]));
  const cpuSeconds =
    told.cpuSeconds <= 1.1 * capacitySeconds + CPU_STEP_SECONDS ? told.cpuSeconds : Number.NaN;
  const mostCycles = MAX_HERTZ * (cpuSeconds + CPU_STEP_SECONDS);
  const worked = cpuSeconds > CPU_STEP_SECONDS;
  /** Who worked had cycles, and no more than the time allows. */
  const clocked = (value: number): number =>
    value > mostCycles || (worked && value === 0) ? Number.NaN : value;
  const cycles = clocked(told.cycles);
  const most = MAX_INSTRUCTIONS_A_CYCLE * (Number.isNaN(cycles) ? mostCycles : cycles);
  const instructions =
    told.instructions > most || (worked && told.instructions === 0) ? Number.NaN : told.instructions;
  // A load that misses the cache is an instruction; prefetches are counted by some processors too.
  const misses = told.llcMisses > 2 * instructions ? Number.NaN : told.llcMisses;
  return {
    cpuSeconds,
    cycles,
    referenceCycles: clocked(told.referenceCycles),
    instructions,
    llcMisses: misses,
  };
}

/** Rows whose clock is unlike that of the rows around them, though no clock changes so much: `count` over CPU time. */
function oddClocks(count: Float64Array, cpuSeconds: Float64Array): number[] {
  const clock = count.map((value, row) => {
    const seconds = cpuSeconds[row] ?? 0;
    return seconds > CPU_STEP_SECONDS ? value / seconds : Number.NaN;
  });
  const odd = (row: number): boolean => {
    const around = clock
      .subarray(Math.max(0, row - NEIGHBOURS), row + NEIGHBOURS + 1)
      .filter(Number.isFinite);
    if (around.length < NEIGHBOURS) return false;
    const times = (clock[row] ?? Number.NaN) / median(around);
    return times > CLOCK_FACTOR || times < 1 / CLOCK_FACTOR;
  };
  // Governors change the clock for seconds; what stands alone is the counter's doing.
  const rows = [...clock.keys()].filter(odd);
  return rows.filter((row, i) => rows[i - 1] !== row - 1 && rows[i + 1] !== row + 1);
}

/** Counters of the system, row by row, without what can't be. A row of which one clock is odd has no performance counters. */
export function soundColumns(columns: CounterColumns, capacitySeconds?: Float64Array): CounterColumns {
  const sound = eachCounter((name) => columns[name].slice());
  for (const row of sound.cpuSeconds.keys()) {
    const sample = soundSample(sampleAt(columns, row), capacitySeconds?.[row]);
    eachCounter((name) => {
      sound[name][row] = sample[name];
    });
  }
  const odd = [sound.cycles, sound.referenceCycles].flatMap((count) => oddClocks(count, sound.cpuSeconds));
  for (const row of odd)
    eachCounter((name) => {
      if (name !== 'cpuSeconds') sound[name][row] = Number.NaN;
    });
  return sound;
}
