import { describe, expect, test } from 'vitest';
import { normalEquations } from '../../maths/index.js';
import { type Observations, observationsOf } from './observations.js';
import { stream } from './testing/stream.js';
import { evidenceOf } from './window.js';

const functions = [
  { name: 'a', watts: 5, load: 1, latencySeconds: 1 },
  { name: 'b', watts: 9, load: 2, latencySeconds: 0.5 },
  { name: 'c', watts: 2, load: 1, latencySeconds: 1, twinOf: 'a' },
];

const equations = ({ rows, target }: Observations) => normalEquations(rows, target);

describe('observationsOf', () => {
  test('puts many ticks together into as many rows as functions that say the same', () => {
    const evidence = evidenceOf(stream({ seed: 1, functions, ticks: 60 }).next().value);
    const observations = observationsOf(evidence);
    expect(observations.rows.count).toBe(3);
    const [few, many] = [equations(observations), normalEquations(evidence.rows, evidence.watts)];
    for (const [place, value] of many.gram.entries()) expect(few.gram[place]).toBeCloseTo(value, 8);
    for (const [place, value] of many.right.entries()) expect(few.right[place]).toBeCloseTo(value, 4);
  });

  test('leaves few ticks as they are', () => {
    const evidence = evidenceOf(stream({ seed: 1, functions, ticks: 3 }).next().value);
    expect(observationsOf(evidence)).toEqual({ rows: evidence.rows, target: evidence.watts });
  });
});
