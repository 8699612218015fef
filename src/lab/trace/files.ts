/** The files of a trace directory. */
export const TRACE_FILES = {
  power: 'power.csv',
  invocations: 'invocations.csv',
  usage: 'usage.csv',
  description: 'trace.json',
  truth: 'truth.json',
} as const;

/** Columns by file, in the order in which they are written. */
export const POWER_COLUMNS = ['t', 'system_w', 'cpu_w', 'accelerator_w'] as const;
export const INVOCATION_COLUMNS = ['function', 'start', 'end', 'cold'] as const;
export const USAGE_COLUMNS = [
  't',
  'principal',
  'cpu_s',
  'cycles',
  'instructions',
  'llc_misses',
  'ref_cycles',
] as const;
/** Columns that few machines have: that a file lacks them is no news, and they are written only where there are any. */
export const RARE_COLUMNS: readonly string[] = ['accelerator_w', 'cold', 'ref_cycles'];

/** The JSON names of what `trace.json` holds. */
export const DESCRIPTION_KEYS = {
  idleWatts: 'idle_w',
  idleCpuWatts: 'idle_cpu_w',
  cores: 'cores',
  carbonGramsPerKilowattHour: 'carbon_g_per_kwh',
  embodiedKilograms: 'embodied_kg',
  lifetimeYears: 'lifetime_years',
  acceleratorFunctions: 'accelerator_functions',
} as const;
