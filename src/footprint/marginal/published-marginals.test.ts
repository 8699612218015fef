import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';
import { attribute } from '../attribute.js';

/** Invocations come in bursts of two functions, and take the longer the more of them there are. */
function contended(): Trace {
  const random = seededRandom(3);
  const [start, end, of]: [number[], number[], number[]] = [[], [], []];
  for (let t = 0; t < 580; t += 20) {
    const together = 2 + Math.floor(8 * random.uniform());
    for (let k = 0; k < together; k++) {
      const f = random.uniform() < 0.5 ? 0 : 1;
      start.push(t);
      end.push(t + (1 + f) * together);
      of.push(f);
    }
  }
  const t = Float64Array.from({ length: 660 }, (_, i) => i - 59);
  const systemWatts = t.map((at) => {
    const running = start.filter((begin, k) => begin < at && (end[k] ?? 0) >= at).length;
    return 20 + (running > 0 ? 40 + Math.min(40, 10 * running) : 0) + 0.2 * random.normal();
  });
  return {
    power: { t, systemWatts, cpuWatts: new Float64Array(t.length).fill(Number.NaN) },
    invocations: {
      functions: ['short', 'long'],
      functionIndex: Uint32Array.from(of),
      start: Float64Array.from(start),
      end: Float64Array.from(end),
    },
    description: {},
  };
}

const sumOfMarginals = (mode: 'full' | 'no-idle'): number =>
  attribute(contended(), { mode, lagSeconds: 0 }).functions.reduce(
    (sum, { marginalJoules = 0, invocations }) => sum + marginalJoules * invocations,
    0,
  );

describe('a published law', () => {
  it.each(['full', 'no-idle'] as const)(
    'is taken at its word in the mode %s: marginal is what it gives',
    (mode) => {
      const { shares } = attribute(contended(), { mode, lagSeconds: 0 });
      expect(sumOfMarginals(mode) / shares.individualJoules).toBeCloseTo(1, 3);
    },
  );
});
