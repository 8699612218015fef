/** What can be counted of the processor's use: CPU time everywhere, the others where there are performance counters. */
export const COUNTER_NAMES = [
  'cpuSeconds',
  'cycles',
  'referenceCycles',
  'instructions',
  'llcMisses',
] as const;

export type CounterName = (typeof COUNTER_NAMES)[number];

/** What one principal, or the whole system, counted; NaN where a counter is not available. */
export type CounterSample = Readonly<Record<CounterName, number>>;

/** The same for many, a column each. */
export type CounterColumns = Readonly<Record<CounterName, Float64Array>>;

export const COUNTER_WORDS: Readonly<Record<CounterName, string>> = {
  cpuSeconds: 'CPU time',
  cycles: 'cycles',
  referenceCycles: 'reference cycles',
  instructions: 'instructions',
  llcMisses: 'LLC misses',
};

export const eachCounter = <T>(of: (name: CounterName) => T): Record<CounterName, T> => ({
  cpuSeconds: of('cpuSeconds'),
  cycles: of('cycles'),
  referenceCycles: of('referenceCycles'),
  instructions: of('instructions'),
  llcMisses: of('llcMisses'),
});

export const counterColumns = (length: number, fill = 0): CounterColumns =>
  eachCounter(() => new Float64Array(length).fill(fill));

export const sampleAt = (columns: CounterColumns, row: number): CounterSample =>
  eachCounter((name) => columns[name][row] ?? Number.NaN);
