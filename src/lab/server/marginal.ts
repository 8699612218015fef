import {
  IDEAL_SENSORS,
  type ServerOptions,
  type SimulatedServer,
  simulateServer,
  traceTruth,
} from './simulate-server.js';
import type { FunctionTruth, ServerTruth } from './truth.js';

/** Above idle: idle goes on at the same power with or without a function, so that any window that holds all work will do. */
const aboveIdle = ({ energyJoules, idleWatts, windowSeconds }: ServerTruth): number =>
  energyJoules - idleWatts * windowSeconds;

/**
 * A run with the true marginal energies of its functions (all, or those named): each is left out of the same arrivals in a run
 * of its own, and what the machine draws less is its marginal energy. With n functions these are n + 1 runs.
 */
export function simulateWithMarginals(options: ServerOptions, names?: readonly string[]): SimulatedServer {
  const whole = simulateServer(options);
  const energy = aboveIdle(whole.truth);
  const wanted = names && new Set(names);
  const functions = whole.truth.functions.map((truth): FunctionTruth => {
    const { name, invocations } = truth;
    if (invocations === 0 || (wanted && !wanted.has(name))) return truth;
    const without = [...(options.without ?? []), name];
    const rest = simulateServer({ ...options, without, sensors: IDEAL_SENSORS, usage: 'none' });
    return { ...truth, marginalJoules: energy - aboveIdle(rest.truth) };
  });
  const truth = { ...whole.truth, functions };
  return { truth, trace: { ...whole.trace, truth: traceTruth(truth) } };
}
