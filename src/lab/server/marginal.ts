import { IDEAL_SENSORS } from './sensors.js';
import { type ServerOptions, type SimulatedServer, simulateServer, traceTruth } from './simulate-server.js';
import type { FunctionTruth, ServerTruth } from './truth.js';

/** Above idle: idle goes on at the same power with or without a function, so that any window that holds all work will do. */
const aboveIdle = ({ energyJoules, idleWatts, windowSeconds }: ServerTruth): number =>
  energyJoules - idleWatts * windowSeconds;

/**
 * A run with the true marginal energies of its functions (all, or those named): each is left out of the same arrivals in a run
 * of its own, and what the machine draws less is its marginal energy. With n functions these are n + 1 runs.
 */
export function simulateWithMarginals(
  options: Omit<ServerOptions, 'gate'>,
  names?: readonly string[],
): SimulatedServer {
  const { onProgress, workload, without: left = [] } = options;
  const isWanted = (name: string): boolean => names?.includes(name) ?? true;
  const present = workload.functions.filter(({ profile }) => !left.includes(profile.name));
  const runs = 1 + present.filter(({ profile }) => isWanted(profile.name)).length;
  let done = 0;
  const run = (changes: Partial<ServerOptions>): SimulatedServer => {
    const simulated = simulateServer({
      ...options,
      ...changes,
      onProgress: (part) => onProgress?.((done + part) / runs),
    });
    done++;
    return simulated;
  };
  const whole = run({});
  const energy = aboveIdle(whole.truth);
  const functions = whole.truth.functions.map((truth): FunctionTruth => {
    const { name, invocations } = truth;
    if (invocations === 0 || !isWanted(name)) return truth;
    const rest = run({ without: [...left, name], sensors: IDEAL_SENSORS, usage: 'none' });
    return { ...truth, marginalJoules: energy - aboveIdle(rest.truth) };
  });
  const truth = { ...whole.truth, functions };
  return { truth, trace: { ...whole.trace, truth: traceTruth(truth) } };
}
