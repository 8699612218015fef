import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';
import { attribute } from '../attribute.js';

const SECONDS = 600;
const LEAD = 60;

/**
 * A machine that rests at 20 W, wakes up to a floor of 30 W and draws less for every further invocation; a function `base`
 * runs in `many` invocations without end, and another one comes and goes.
 */
function machine(many: number, lead = LEAD): Trace {
  const random = seededRandom(5);
  const [start, end, of]: [number[], number[], number[]] = [[], [], []];
  for (let t = 0; t < SECONDS; t += 5)
    for (let k = 0; k < many; k++) {
      start.push(t);
      end.push(t + 5);
      of.push(0);
    }
  for (let t = 1; t < SECONDS; t += 2 + 6 * random.uniform()) {
    start.push(t);
    end.push(Math.min(SECONDS, t + 1 + random.uniform()));
    of.push(1);
  }
  const times = Float64Array.from({ length: SECONDS + lead }, (_, i) => i + 1 - lead);
  const systemWatts = times.map((t) => {
    let running = 0;
    for (let k = 0; k < start.length; k++)
      running += Math.max(0, Math.min(t, end[k] ?? 0) - Math.max(t - 1, start[k] ?? 0));
    const load = running > 0 ? 30 + 60 * (1 - Math.exp(-running / 6)) : 0;
    return 20 + load + 0.3 * random.normal();
  });
  return {
    power: { t: times, systemWatts, cpuWatts: new Float64Array(times.length).fill(Number.NaN) },
    invocations: {
      functions: ['base', 'guest'],
      functionIndex: Uint32Array.from(of),
      start: Float64Array.from(start),
      end: Float64Array.from(end),
    },
    description: {},
  };
}

const relativeError = (trace: Trace, place: number): number => {
  const { marginalJoules = Number.NaN, marginalErrorJoules = Number.NaN } =
    attribute(trace, { lagSeconds: 0 }).functions[place] ?? {};
  return marginalErrorJoules / marginalJoules;
};

describe('the error of a marginal energy', () => {
  it('is wide for a function without which the machine was never seen at work', () => {
    expect(relativeError(machine(12), 0)).toBeGreaterThan(0.15);
  });

  it('is narrow for one that comes and goes', () => {
    expect(relativeError(machine(2), 1)).toBeLessThan(0.35);
  });

  it('holds what is not known of idle where the machine was never seen at rest', () => {
    expect(relativeError(machine(12, 0), 0)).toBeGreaterThan(relativeError(machine(12), 0));
    const { idleWatts = 0, idleErrorWatts = 0 } = attribute(machine(12, 0), { lagSeconds: 0 });
    expect(Math.abs(idleWatts - 20)).toBeLessThan(2 * idleErrorWatts);
  });
});
