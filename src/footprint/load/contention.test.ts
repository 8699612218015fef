import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, seededRandom } from '../../maths/index.js';
import type { InvocationTable } from '../../model/index.js';
import { type Run, runsAround, tableOf } from '../rows/testing/rows.js';
import { type Contention, learnContention } from './contention.js';
import { occupancyOf } from './occupancy.js';
import { sharedMachine } from './testing/shared-machine.js';

const learn = (table: InvocationTable, seconds: number): Contention =>
  learnContention(table, occupancyOf(table, { start: 0, stepSeconds: 0.25, count: seconds * 4 }));

/**
 * Stretches of 20 s in which so many of each background run throughout, and short invocations one after another that take
 * what the law says. A short one counts in its own pressure.
 */
function stretches(
  law: { base: number; sensitivity: number; weights: Record<string, number> },
  crowds: readonly Record<string, number>[],
  name = 'short',
): Run[] {
  return crowds.flatMap((crowd, k) => {
    const runs: Run[] = [];
    const start = k * 20;
    let pressure = 1;
    for (const [other, count] of Object.entries(crowd)) {
      pressure += (law.weights[other] ?? 1) * count;
      for (let i = 0; i < count; i++) runs.push([other, start, start + 20]);
    }
    const seconds = law.base * (1 + law.sensitivity * pressure);
    for (let at = start; at + seconds <= start + 20; at += seconds) runs.push([name, at, at + seconds]);
    return runs;
  });
}

const lawOf = (contention: Contention, table: InvocationTable, name: string) => {
  const f = table.functions.indexOf(name);
  return {
    base: contention.baseSeconds[f] ?? Number.NaN,
    sensitivity: contention.sensitivity[f] ?? Number.NaN,
    pressure: contention.pressure[f] ?? Number.NaN,
  };
};

const CROWDS = [0, 3, 1, 5, 2, 8, 4, 0, 6, 1].map((bg) => ({ bg }));

describe('learnContention', () => {
  it('recovers the law from what invocations took beside few and many others', () => {
    const table = tableOf(stretches({ base: 0.4, sensitivity: 0.5, weights: {} }, CROWDS));
    const contention = learn(table, 200);
    const short = lawOf(contention, table, 'short');
    const bg = lawOf(contention, table, 'bg');
    for (const count of [0, 2, 8]) {
      const seconds = short.base * (1 + short.sensitivity * (short.pressure + count * bg.pressure));
      expect(seconds / (0.4 * (1 + 0.5 * (1 + count)))).toBeGreaterThan(0.95);
      expect(seconds / (0.4 * (1 + 0.5 * (1 + count)))).toBeLessThan(1.05);
    }
    // What always takes as long is hardly slowed down by anybody, though 30 invocations lean a little on all.
    expect(bg.sensitivity).toBeLessThan(0.5 * short.sensitivity);
  });

  it('finds who weighs on the others: a heavy neighbour presses more than a light one', () => {
    const crowds = Array.from({ length: 40 }, (_, k) => ({ heavy: k % 4, light: Math.floor(k / 4) % 5 }));
    const table = tableOf(
      stretches({ base: 0.4, sensitivity: 0.3, weights: { heavy: 3, light: 0.5 } }, crowds),
    );
    const contention = learn(table, 800);
    const [heavy, light] = ['heavy', 'light'].map((name) => lawOf(contention, table, name).pressure);
    expect((heavy ?? 0) / (light ?? 1)).toBeGreaterThan(4);
    expect((heavy ?? 0) / (light ?? 1)).toBeLessThan(8);
  });

  it('sees no contention where everything always takes as long', () => {
    const table = tableOf(stretches({ base: 1, sensitivity: 0, weights: {} }, CROWDS));
    for (const sensitivity of learn(table, 200).sensitivity) expect(sensitivity).toBeCloseTo(0, 6);
  });

  it('holds invocations to weigh what processors they keep busy, where that is known and times say nothing', () => {
    const table = tableOf(
      Array.from({ length: 40 }, (_, k): Run[] => [
        ['busy', k * 3, k * 3 + 2],
        ['calm', k * 3, k * 3 + 2],
      ]).flat(),
    );
    const occupancy = occupancyOf(table, { start: 0, stepSeconds: 0.25, count: 500 });
    const { rows } = occupancy;
    const cpu = {
      ...rows,
      value: rows.value.map((running, p) => running * (rows.column[p] === 0 ? 0.9 : 0.1)),
    };
    const { pressure } = learnContention(table, occupancy, cpu);
    expect((pressure[0] ?? 0) / (pressure[1] ?? 1)).toBeCloseTo(9, 3);
    expect(((pressure[0] ?? 0) + (pressure[1] ?? 0)) / 2).toBeCloseTo(1, 6);
    const [busy, calm] = learnContention(table, occupancy).pressure;
    expect(busy).toBeCloseTo(calm ?? Number.NaN, 6);
  });

  it('lets a function with few invocations lean on all, and one with many speak for itself', () => {
    const slowed = { base: 0.4, sensitivity: 0.5, weights: {} };
    const runs = stretches(slowed, CROWDS);
    // Two invocations that took as long on an empty machine as on a full one: that may be chance.
    const rare: Run[] = [
      ['rare', 5, 6],
      ['rare', 105, 106],
    ];
    const table = tableOf([...runs, ...rare]);
    const contention = learn(table, 200);
    const [own, leaning] = [lawOf(contention, table, 'short'), lawOf(contention, table, 'rare')];
    expect(leaning.sensitivity).toBeGreaterThan(0.3 * own.sensitivity);

    const many = Array.from({ length: 200 }, (_, k): Run => ['steady', k, k + 0.3]);
    const second = tableOf([...runs, ...many]);
    expect(lawOf(learn(second, 200), second, 'steady').sensitivity).toBeLessThan(0.05);
  });

  it('predicts times on a machine whose functions really share it', () => {
    const machine = sharedMachine({
      seed: 3,
      seconds: 600,
      cores: 3,
      functions: [
        { name: 'small', rate: 1.2, workSeconds: 0.5 },
        { name: 'large', rate: 0.4, workSeconds: 2 },
        { name: 'waits', rate: 0.5, workSeconds: 1, waits: true },
      ],
    });
    const occupancy = occupancyOf(machine, { start: 0, stepSeconds: 0.25, count: 2600 });
    const { baseSeconds, sensitivity, pressure } = learnContention(machine, occupancy);
    const off = Array.from(machine.start, (start, k) => {
      const end = machine.end[k] ?? Number.NaN;
      const [first, last] = [Math.floor(start * 4), Math.ceil(end * 4)];
      let felt = 0;
      for (let p = occupancy.rows.rowStart[first] ?? 0; p < (occupancy.rows.rowStart[last] ?? 0); p++)
        felt +=
          ((pressure[occupancy.rows.column[p] ?? 0] ?? 1) * (occupancy.rows.value[p] ?? 0)) / (last - first);
      const f = machine.functionIndex[k] ?? 0;
      const predicted = (baseSeconds[f] ?? 0) * (1 + (sensitivity[f] ?? 0) * felt);
      return Math.abs(predicted / (end - start) - 1);
    });
    expect(median(off)).toBeLessThan(0.15);
    // What waits for something else is not slowed down by those that compute.
    expect(sensitivity[2]).toBeLessThan(0.2 * Math.min(sensitivity[0] ?? 0, sensitivity[1] ?? 0));
  });

  it('learns nothing from invocations without an end, without length, or with no time', () => {
    const runs = stretches({ base: 0.4, sensitivity: 0.5, weights: {} }, CROWDS);
    const table = tableOf(runs);
    const odd = tableOf([
      ...runs,
      ['short', 150, 150],
      ['short', Number.NaN, 170],
      ['stuck', 199.9, Number.POSITIVE_INFINITY],
    ]);
    const occupancy = occupancyOf(table, { start: 0, stepSeconds: 0.25, count: 800 });
    const wide = { ...occupancy, rows: { ...occupancy.rows, width: 3 } };
    const [plain, with_] = [learnContention(table, occupancy), learnContention(odd, wide)];
    for (const f of [0, 1]) {
      expect(with_.baseSeconds[f]).toBeCloseTo(plain.baseSeconds[f] ?? Number.NaN, 9);
      expect(with_.sensitivity[f]).toBeCloseTo(plain.sensitivity[f] ?? Number.NaN, 9);
    }
    expect(with_.sensitivity[2]).toBeGreaterThanOrEqual(0);
  });

  it('is sound for any invocations: nothing negative, sensitivities and pressures finite', () => {
    const ticks = { start: 0, tickSeconds: 1, count: 30 };
    fc.assert(
      fc.property(runsAround(ticks), (runs) => {
        const { sensitivity, pressure } = learn(tableOf(runs), 30);
        for (const value of [...sensitivity, ...pressure]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  it('does not depend on the order of invocations', () => {
    const runs = stretches({ base: 0.4, sensitivity: 0.5, weights: {} }, CROWDS);
    const random = seededRandom(4);
    const shuffled = runs.map((run) => ({ run, key: random.uniform() }));
    const table = tableOf(runs);
    const mixed = tableOf(shuffled.sort((a, b) => a.key - b.key).map(({ run }) => run));
    const [straight, other] = [learn(table, 200), learn(mixed, 200)];
    for (const name of ['short', 'bg'])
      expect(lawOf(other, mixed, name).sensitivity).toBeCloseTo(lawOf(straight, table, name).sensitivity, 6);
  });
});
