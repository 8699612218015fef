import type { NodeSecond } from '../../../model/index.js';
import type { MachineTick } from './machine-tick.js';

/** A tick as it is kept. */
export function secondOf({ from, to, joules, cpuJoules, idleJoules, cpuSeconds }: MachineTick): NodeSecond {
  const seconds = to - from;
  return {
    at: to,
    seconds,
    ...(joules !== undefined && { watts: joules / seconds }),
    ...(cpuJoules !== undefined && { cpuWatts: cpuJoules / seconds }),
    ...(idleJoules !== undefined && { idleWatts: idleJoules / seconds }),
    cpuSeconds: Object.fromEntries(cpuSeconds),
  };
}
