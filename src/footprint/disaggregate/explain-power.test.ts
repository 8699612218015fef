import { describe, expect, it } from 'vitest';
import { multiply, type SparseRows, seededRandom } from '../../maths/index.js';
import { noColumns } from '../load/beside.js';
import { learnContention } from '../load/contention.js';
import { meanLag } from '../sensor/sampling.js';
import { explainPower } from './explain-power.js';
import type { Observation } from './observation.js';
import type { PowerLaw } from './power-law.js';
import { refineResponse } from './refine-response.js';
import { sight } from './sight.js';
import { type Lawful, type LawfulMachine, lawfulMachine } from './testing/lawful-machine.js';

const LAW: PowerLaw = { idleWatts: 50, floorWatts: 20, bend: 0.008 };
const WEIGHTS = [8, 15, 30];
const MACHINE: LawfulMachine = {
  seed: 1,
  seconds: 900,
  weights: WEIGHTS,
  law: LAW,
  noise: (random) => random.normal(),
};

function observationOf(lawful: Lawful, more: Partial<Observation> = {}): Observation {
  const { samples, occupancy, invocations, data } = lawful;
  return {
    samples,
    occupancy,
    contention: learnContention(invocations, occupancy),
    shared: noColumns(occupancy.steps.count),
    presence: data.presence,
    cpu: undefined,
    until: Number.POSITIVE_INFINITY,
    idleWatts: 50,
    ...more,
  };
}

/** Watts that a function's load adds on the whole: what counts, whatever units loads are in. */
function drawnBy(loads: SparseRows, weights: Float64Array, f: number): number {
  const only = weights.map((value, k) => (k === f ? value : 0));
  return multiply(loads, only).reduce((sum, value) => sum + value, 0);
}

describe('explainPower', () => {
  it('finds what each function draws, and predicts the power to its noise', () => {
    const lawful = lawfulMachine(MACHINE);
    const { chosen } = explainPower(observationOf(lawful), lawful.response);
    const truth = Float64Array.from(WEIGHTS);
    for (const f of WEIGHTS.keys()) {
      const ratio = drawnBy(chosen.loads, chosen.fit.weights, f) / drawnBy(lawful.data.loads, truth, f);
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.2);
    }
    expect(Math.sqrt(chosen.fit.square / chosen.fit.count)).toBeLessThan(1.3);
    expect(chosen.fit.law.idleWatts).toBe(50);
  });

  it('takes processor time alone for the load where that explains the power as well', () => {
    const lawful = lawfulMachine(MACHINE);
    // Functions differ in how busy they keep a processor, and in nothing else.
    const { rows } = lawful.occupancy;
    const cpu = {
      ...rows,
      value: rows.value.map((running, p) => (running * (WEIGHTS[rows.column[p] ?? 0] ?? 0)) / 30),
    };
    const { chosen } = explainPower(observationOf(lawful, { cpu }), lawful.response);
    expect(chosen.beside).toBe(false);
    const truth = Float64Array.from(WEIGHTS);
    for (const f of WEIGHTS.keys()) {
      const ratio = drawnBy(chosen.loads, chosen.fit.weights, f) / drawnBy(rows, truth, f);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  });

  it('does not take processor time alone where functions draw beside it', () => {
    const lawful = lawfulMachine(MACHINE);
    const { rows } = lawful.occupancy;
    // The one that draws most keeps no processor busy: its power is an accelerator's.
    const cpu = {
      ...rows,
      value: rows.value.map((running, p) => running * (rows.column[p] === 2 ? 0.02 : 0.5)),
    };
    const { chosen } = explainPower(observationOf(lawful, { cpu }), lawful.response);
    expect(chosen.beside).toBe(true);
    const own = WEIGHTS.map((_, f) => drawnBy(chosen.loads, chosen.fit.weights, f));
    expect(own[2]).toBeGreaterThan(own[1] ?? 0);
  });

  it('names rivals that predict as well, each with weights for everybody', () => {
    const lawful = lawfulMachine(MACHINE);
    const observation = observationOf(lawful);
    const calm = { ...observation.contention, sensitivity: new Float64Array(3) };
    const { chosen, rivals } = explainPower({ ...observation, contention: calm }, lawful.response);
    // Nobody slows anybody down: all parts of the slowing down say the same, and the most physical counts.
    expect(chosen.part).toBe(1);
    expect(rivals.length).toBe(3);
    for (const rival of rivals) {
      expect(rival.part).not.toBe(chosen.part);
      expect(rival.fit.weights.length).toBe(3);
    }
  });

  it('follows running time where that is what draws power, though times look like contention', () => {
    const lawful = lawfulMachine({ ...MACHINE, rate: 1.5 });
    const observation = observationOf(lawful);
    const slowed = { ...observation.contention, sensitivity: new Float64Array(3).fill(1) };
    const { chosen } = explainPower({ ...observation, contention: slowed }, lawful.response);
    expect(chosen.part).toBe(0);
  });

  it('has a weight, an error and a prior for each of many functions, more than are told apart at first', () => {
    const random = seededRandom(9);
    const weights = Array.from({ length: 60 }, () => 5 + 20 * random.uniform());
    const lawful = lawfulMachine({ ...MACHINE, weights, rate: 2 });
    const { chosen } = explainPower(observationOf(lawful), lawful.response);
    for (const values of [
      chosen.fit.weights,
      chosen.fit.errors,
      chosen.prior.watts,
      chosen.prior.deviation,
    ]) {
      expect(values.length).toBe(60);
      expect(values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }
    for (const [f, error] of chosen.fit.errors.entries())
      expect(error).toBeLessThanOrEqual((chosen.prior.deviation[f] ?? 0) * (1 + 1e-9));
  });
});

describe('sight', () => {
  it('does not fit samples of work that nobody recorded, nor those that are not wanted', () => {
    const lawful = lawfulMachine(MACHINE);
    const observation = observationOf(lawful, { until: 100 });
    const late = { delaySeconds: 7, smoothingSeconds: 1 };
    const { watts } = sight(observation, late);
    for (const [i, value] of watts.entries())
      expect(Number.isFinite(value)).toBe((lawful.samples.ends[i] ?? 0) - 8 <= 100);
    const wanted = Uint8Array.from(watts, (_, i) => (i === 5 ? 0 : 1));
    const some = sight(observation, late, wanted);
    expect(some.watts[5]).toBeNaN();
    expect(some.sampling.rowStart[5]).toBe(some.sampling.rowStart[6]);
    expect(some.watts[6]).toBe(watts[6]);
  });
});

describe('refineResponse', () => {
  it.each([
    [-11.4, 0],
    [3.2, 1],
    [0, 2],
    [17.6, 0.3],
  ])(
    'finds a delay of %s s and a smoothing of %s s from a guess that is some way off',
    (delaySeconds, smoothingSeconds) => {
      const truth = { delaySeconds, smoothingSeconds };
      const lawful = lawfulMachine({ ...MACHINE, response: truth });
      const found = refineResponse(observationOf(lawful), meanLag(truth) + 0.6);
      expect(Math.abs(meanLag(found) - meanLag(truth))).toBeLessThan(0.3);
      expect(Math.abs(found.smoothingSeconds - smoothingSeconds)).toBeLessThan(0.45);
    },
  );

  it('keeps to the guess, about, where the power says nothing', () => {
    const lawful = lawfulMachine({ ...MACHINE, weights: [0, 0, 0], law: { ...LAW, floorWatts: 0 } });
    const found = refineResponse(observationOf(lawful), 2);
    expect(Math.abs(meanLag(found) - 2)).toBeLessThanOrEqual(3 + 1e-9);
  });
});
