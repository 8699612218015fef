import type { Random } from '../../maths/index.js';
import { between } from './archetypes.js';
import type { Machine } from './machine.js';
import { IDEAL_SENSOR, type Sensor } from './sensor.js';

/** What looks at a machine: a meter for all of it, and the processor's own counter. */
export interface ServerSensors {
  readonly system: Sensor;
  readonly cpu: Sensor;
  /** Standard deviation of the moments at which samples are taken. */
  readonly jitterSeconds: number;
}

export const IDEAL_SENSORS: ServerSensors = { system: IDEAL_SENSOR, cpu: IDEAL_SENSOR, jitterSeconds: 0 };

/** Counters in the processor are on time and hardly noisy. */
const counterOf = ({ idleCpuWatts }: Machine): Sensor => ({
  ...IDEAL_SENSOR,
  noiseWatts: 0.01 * idleCpuWatts,
  noisePart: 0.002,
  quantumWatts: 0.001,
});

/** A meter at the plug as one usually has it: somewhat late, somewhat slow, and now and then without a sample. */
export const typicalSensors = (machine: Machine): ServerSensors => ({
  system: {
    ...IDEAL_SENSOR,
    lagSeconds: 1.5,
    smoothingSeconds: 0.5,
    noiseWatts: 0.01 * machine.idleWatts,
    noisePart: 0.003,
    wanderWatts: 0.01 * machine.idleWatts,
    quantumWatts: 0.1,
    dropout: 0.005,
    stale: 0.002,
    staleSamples: 2,
    spike: 0.0005,
  },
  cpu: { ...counterOf(machine), dropout: 0.001 },
  jitterSeconds: 0.01,
});

const EARLIEST_SECONDS = -10;
const LATEST_SECONDS = 12;

/** Sensors with all faults at once, each as bad as chance has it: for tests of whoever must bear with them. */
export function randomSensors(random: Random, machine: Machine): ServerSensors {
  const lagSeconds = EARLIEST_SECONDS + (LATEST_SECONDS - EARLIEST_SECONDS) * random.uniform();
  const system: Sensor = {
    lagSeconds,
    smoothingSeconds: 1.5 * random.uniform(),
    gain: 1,
    noiseWatts: between(random, 0.002, 0.03) * machine.idleWatts,
    noisePart: between(random, 0.001, 0.01),
    wanderWatts: between(random, 0.002, 0.03) * machine.idleWatts,
    wanderSeconds: between(random, 20, 300),
    quantumWatts: [0, 0.01, 0.1, 1][random.below(4)] ?? 0,
    dropout: 0.03 * random.uniform(),
    stale: 0.01 * random.uniform(),
    staleSamples: 3,
    spike: 0.003 * random.uniform(),
  };
  return {
    system,
    cpu: { ...counterOf(machine), dropout: 0.01 * random.uniform() },
    jitterSeconds: 0.03 * random.uniform(),
  };
}
