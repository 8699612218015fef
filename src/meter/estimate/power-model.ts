/** The power of a machine's processors by how busy they are. */
export interface PowerModel {
  readonly idleWatts: number;
  readonly fullWatts: number;
  readonly logicalCpus: number;
  /** From 0 at load 0 to 1 at load 1; monotone and concave. */
  readonly shape: (load: number) => number;
}

/** Watts of all processors together at a mean load of 0 to 1. */
export function wattsAt(model: PowerModel, load: number): number {
  return model.idleWatts + model.shape(load) * (model.fullWatts - model.idleWatts);
}

/** Joules over an interval in which processors worked for `busySeconds` in sum. */
export function joulesOver(model: PowerModel, busySeconds: number, seconds: number): number {
  if (seconds <= 0) return 0;
  return wattsAt(model, busySeconds / (seconds * model.logicalCpus)) * seconds;
}

/** Below this the curve is straight, so that the price of a CPU-second no longer changes. */
const LEAST_LOAD = 1e-3;

/**
 * What `cpuSeconds` of work cost beyond idle while the machine's load was `load`: the mean price of a CPU-second at that
 * load, so that the work of all adds up to what the machine drew beyond idle. Without a load, the price at full load,
 * which is the lowest. Good for work of any length, also far below the tick of the kernel's clocks.
 */
export function activeJoules(model: PowerModel, cpuSeconds: number, load = 1): number {
  const at = Math.min(1, Math.max(load, LEAST_LOAD));
  const price = (wattsAt(model, at) - model.idleWatts) / (at * model.logicalCpus);
  return price * Math.max(0, cpuSeconds);
}
