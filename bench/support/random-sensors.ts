import { IDEAL_SENSOR, type Machine, type Sensor, type ServerSensors } from 'wattloop/lab';
import type { Random } from 'wattloop/maths';

/**
 * Sensors as machines have them: a plug meter (or a management controller) on a clock of its own, that filters, rounds, loses
 * samples, hangs and sometimes shows nonsense; beside it the processor's own counter, which is nearly exact.
 */
export function randomSensors(random: Random, machine: Machine): ServerSensors {
  const lagSeconds = 30 * random.uniform() - 15;
  const system: Sensor = {
    ...IDEAL_SENSOR,
    lagSeconds,
    smoothingSeconds: 0.5 * random.uniform(),
    noisePart: 0.01 * random.uniform(),
    noiseWatts: 0.01 * machine.idleWatts,
    quantumWatts: machine.idleWatts > 50 ? 1 : 0.1,
    dropout: 0.02 * random.uniform(),
    stale: 0.005 * random.uniform(),
    staleSamples: 3,
    spike: 0.002,
  };
  return { system, cpu: { ...IDEAL_SENSOR, noisePart: 0.002 }, jitterSeconds: 0.02 };
}
