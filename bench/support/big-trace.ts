import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from 'wattloop/maths';

export interface BigTrace {
  readonly invocations: number;
  readonly functions: number;
  readonly seconds: number;
}

const IDLE_WATTS = 95;
const FLOOR_WATTS = 40;
const NOISE_WATTS = 2;

/** Not of this moment: rows are in order of start, as a platform logs them. */
function starts(count: number, seconds: number, uniform: () => number): Float64Array {
  return Float64Array.from({ length: count }, () => uniform() * seconds).sort();
}

/**
 * Writes a trace directory of a machine on which some functions are called far more often than others (Zipf), for some
 * 0.05 to 2 s each, and each adds its own power. Nothing is simulated, so that a million take seconds.
 */
export function writeBigTrace(folder: string, { invocations, functions, seconds }: BigTrace): void {
  const random = seededRandom(invocations);
  const popularity = new Float64Array(functions);
  let total = 0;
  for (let i = 0; i < functions; i++) popularity[i] = total += 1 / (i + 10);
  const latency = Float64Array.from({ length: functions }, () => 0.3 * Math.exp(0.7 * random.normal()));
  const watts = Float64Array.from({ length: functions }, () => 2 + 8 * random.uniform());
  const joules = new Float64Array(seconds);
  const busy = new Uint8Array(seconds);

  const choose = (): number => {
    const wanted = random.uniform() * total;
    let [low, high] = [0, functions - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((popularity[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const lines = ['function,start,end'];
  for (const start of starts(invocations, seconds, random.uniform)) {
    const index = choose();
    const end = Math.min(
      seconds,
      start + (latency[index] ?? 0) * Math.min(6, 0.5 + 0.5 * random.exponential()),
    );
    lines.push(`f${index},${start.toFixed(4)},${end.toFixed(4)}`);
    for (let tick = Math.floor(start); tick < end && tick < seconds; tick++) {
      const within = Math.min(end, tick + 1) - Math.max(start, tick);
      joules[tick] = (joules[tick] ?? 0) + within * (watts[index] ?? 0);
      busy[tick] = 1;
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'invocations.csv'), `${lines.join('\n')}\n`);
  const power = ['t,system_w,cpu_w'];
  for (let t = -60; t <= seconds; t++) {
    const load = t > 0 ? (joules[t - 1] ?? 0) + FLOOR_WATTS * (busy[t - 1] ?? 0) : 0;
    power.push(`${t},${(IDLE_WATTS + load + NOISE_WATTS * random.normal()).toFixed(2)},`);
  }
  writeFileSync(join(folder, 'power.csv'), `${power.join('\n')}\n`);
  writeFileSync(join(folder, 'trace.json'), '{ "cores": 96, "carbon_g_per_kwh": 386 }\n');
}
