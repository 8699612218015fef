import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileSorted, seededRandom, sorted } from '../../maths/index.js';
import { cleanPower, cleanPowerTable } from './clean.js';
import { PowerMark, type PowerMarks, usableWatts } from './marks.js';
import { type LoadedMachine, loadedMachine } from './testing/load.js';

const PUBLISHED = join(process.env.REFERENCE_DATA ?? '../shared/data', 'faasmeter-desktop', 'power.csv');
const noPublished = existsSync(PUBLISHED) ? false : `needs ${PUBLISHED}`;

const SERVER: LoadedMachine = {
  seed: 1,
  rows: 1200,
  rate: 4,
  jobSeconds: 1.5,
  idleWatts: 95,
  workWatts: 250,
  cores: 16,
  noise: 0.01,
  step: 0.1,
};

/** Machines, sensors and loads of many kinds: idle nearly always, full nearly always, jobs of a tenth of a second to a minute. */
const machines: fc.Arbitrary<LoadedMachine> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  rows: fc.integer({ min: 30, max: 900 }),
  rate: fc.constantFrom(0.002, 0.01, 0.05, 0.2, 1, 5, 20),
  jobSeconds: fc.constantFrom(0.1, 0.5, 2, 10, 60),
  idleWatts: fc.constantFrom(3, 13, 95),
  workWatts: fc.constantFrom(8, 100, 250),
  cores: fc.constantFrom(2, 12, 96),
  noise: fc.constantFrom(0, 0.002, 0.02),
  step: fc.constantFrom(0, 0.01, 0.1, 1),
});

const rowsOf = ({ marks }: PowerMarks, mark: number): number[] =>
  [...marks.keys()].filter((row) => marks[row] === mark);
const codes = ({ findings }: PowerMarks): string[] => findings.map(({ code }) => code);

describe('cleanPower', () => {
  it('leaves every step and burst of a load alone, whatever machine and sensor', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        fc.pre(machine.workWatts < 11 * machine.idleWatts);
        const { t, watts } = loadedMachine(machine);
        expect(cleanPower(t, watts).counts).toMatchObject({ good: machine.rows, spike: 0, stale: 0 });
      }),
      // A load that no rule can tell from a fault is rare, not impossible.
      { numRuns: 300, seed: 1 },
    );
  });

  it('marks what no reading can be, with its reason, and nothing else', () => {
    const { t, watts } = loadedMachine(SERVER);
    const dirty = watts.slice();
    const faults = [
      [10, Number.NaN, PowerMark.missing],
      [11, Number.NaN, PowerMark.missing],
      [300, Number.POSITIVE_INFINITY, PowerMark.infinite],
      [301, Number.NEGATIVE_INFINITY, PowerMark.infinite],
      [400, -3, PowerMark.negative],
      [500, 0, PowerMark.zero],
      [501, -0, PowerMark.zero],
    ] as const;
    for (const [row, value] of faults) dirty[row] = value;
    const found = cleanPower(t, dirty, { name: 'system power' });
    for (const [row, , mark] of faults) expect([row, found.marks[row]]).toEqual([row, mark]);
    expect(found.counts).toMatchObject({
      good: 1193,
      missing: 2,
      infinite: 2,
      negative: 1,
      zero: 2,
      spike: 0,
    });
    expect(found.findings).toContainEqual({
      code: 'power-missing',
      message: '2 of 1200 readings of system power are blank',
      count: 2,
    });
    expect(found.stepWatts).toBeCloseTo(0.1, 9);
    const usable = usableWatts(dirty, found);
    expect(usable).toHaveLength(1200);
    expect(usable.filter(Number.isNaN)).toHaveLength(7);
    expect(usable[12]).toBe(watts[12]);
  });

  it('finds spikes that stand alone or in pairs, up and down, at the first row as well', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 8 }), (seed, count) => {
        const { t, watts } = loadedMachine({ ...SERVER, seed });
        const highest = Math.max(...watts);
        const random = seededRandom(seed);
        const dirty = watts.slice();
        const rows = new Set(Array.from({ length: count }, () => 5 + 10 * random.below(118)));
        for (const row of rows) {
          if (random.uniform() < 0.3) dirty[row] = 95 * (0.02 + 0.1 * random.uniform());
          else dirty[row] = highest * (8 + 10 ** (3 * random.uniform()));
          if (random.uniform() < 0.3) dirty[row + 1] = dirty[row] * 1.02;
        }
        dirty[0] = 53_000;
        const expected = [...dirty.keys()].filter((row) => dirty[row] !== watts[row]);
        expect(rowsOf(cleanPower(t, dirty), PowerMark.spike)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('knows a dip below rest from a pause of the work where the power at rest is known', () => {
    const { t, watts } = loadedMachine({ ...SERVER, rate: 20 });
    watts[600] = 45;
    expect(cleanPower(t, watts).counts.spike).toBe(0);
    expect(cleanPower(t, watts, { idleWatts: 20 }).counts.spike).toBe(0);
    expect(rowsOf(cleanPower(t, watts, { idleWatts: 95 }), PowerMark.spike)).toEqual([600]);
  });

  it('keeps what is too frequent to be a fault, and says so', () => {
    const { t, watts } = loadedMachine({ ...SERVER, rate: 0.001 });
    const pulsed = watts.map((value, row) => (row % 20 === 7 ? 2000 : value));
    const found = cleanPower(t, pulsed);
    expect(found.counts.spike).toBe(0);
    expect(codes(found)).toContain('power-spikes-kept');
  });

  it('takes a step at either end for a step', () => {
    const { t, watts } = loadedMachine({ ...SERVER, rate: 0.001 });
    for (const rows of [[0], [0, 1], [1199], [1198, 1199]]) {
      const stepped = watts.slice();
      for (const row of rows) stepped[row] = 900;
      expect(cleanPower(t, stepped).counts.spike).toBe(0);
    }
  });

  it('finds a sensor that repeats its last value, where noise is known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 20, max: 1100 }),
        fc.integer({ min: 12, max: 90 }),
        fc.constantFrom(0.3, 4, 8),
        fc.constantFrom(0, 0.01, 0.05),
        (seed, from, length, rate, step) => {
          const { t, watts } = loadedMachine({ ...SERVER, seed, rate, step });
          // At the lowest or highest level a machine may stand still, unless it is often there and does not.
          const level = watts[from] ?? 0;
          const [low, high] = [0.3, 0.7].map((part) => quantileSorted(sorted(watts), part));
          fc.pre(level > (low ?? 0) && level < (high ?? 0));
          const stuck = watts.slice().fill(watts[from] ?? 0, from, from + length);
          const stale = rowsOf(cleanPower(t, stuck), PowerMark.stale);
          // By chance, the readings before and after may equal it.
          expect(stale.length).toBeGreaterThanOrEqual(length - 1);
          expect(stale.length).toBeLessThanOrEqual(length + 1);
          expect(stale).toContain(from + 1);
          expect(stale).toContain(from + length - 1);
        },
      ),
      { numRuns: 150, seed: 1 },
    );
  });

  it('lets an idle server behind a coarse sensor repeat itself for hours', () => {
    const random = seededRandom(5);
    const watts = Float64Array.from({ length: 7200 }, (_, row) => {
      const busy = row % 1800 > 1500 ? 100 + 20 * random.normal() : 0;
      return Math.round(95.2 + 0.15 * random.normal() + busy);
    });
    expect(cleanPower(Float64Array.from(watts.keys()), watts).counts).toMatchObject({ good: 7200 });
  });

  it('lets a machine without noise rest, and be full', () => {
    const random = seededRandom(7);
    const watts = Float64Array.from({ length: 900 }, (_, row) => {
      // A sum is not the same each time, to the last digit.
      if (row < 60 || row > 850) return 7.3 + (row % 29 === 0 ? 1e-15 : 0);
      // Light work hardly shows above rest.
      return row > 400 && row < 440 ? 40 : 7.3 + 32 * random.uniform() ** 4;
    });
    expect(cleanPower(Float64Array.from(watts.keys()), watts).counts).toMatchObject({ good: 900 });
  });

  it('finds a coarse sensor that is stuck amid changes, above rest', () => {
    const random = seededRandom(6);
    const watts = Float64Array.from({ length: 900 }, (_, row) =>
      Math.round(row < 100 ? 95 : 200 + 30 * random.normal()),
    );
    watts.fill(212, 400, 440);
    const found = cleanPower(Float64Array.from(watts.keys()), watts);
    expect(found.counts.stale).toBe(39);
    expect(found.marks[400]).toBe(PowerMark.good);
  });

  it('tells a sensor that is slow from one that is stuck', () => {
    const { t, watts } = loadedMachine({ ...SERVER, step: 0 });
    const slow = watts.map((_, row) => watts[row - (row % 5)] ?? 0);
    const found = cleanPower(t, slow);
    expect(found.counts.stale).toBe(0);
    expect(found.findings).toContainEqual({
      code: 'power-held',
      message: 'The sensor of power gives a new reading only every 5 rows',
    });
    slow.fill(slow[600] ?? 0, 600, 700);
    expect(cleanPower(t, slow).counts.stale).toBe(99);
  });

  it('finds times that do not go forward, and gaps', () => {
    const t = Float64Array.of(0, 1, 2, 2, 1.5, Number.NaN, 3, 4, 9, 10, 11, 12);
    const watts = t.map((_, row) => 100 + (row % 3));
    watts[10] = Number.NaN;
    const found = cleanPower(t, watts);
    expect(rowsOf(found, PowerMark.disorder)).toEqual([3, 4, 5]);
    expect(found.gaps).toEqual([
      { from: 4, to: 9 },
      { from: 10, to: 12 },
    ]);
  });

  it('copes with columns that say nothing', () => {
    const empty = cleanPower(new Float64Array(0), new Float64Array(0));
    expect(empty).toMatchObject({ gaps: [], findings: [] });
    expect(empty.stepWatts).toBeUndefined();
    const times = Float64Array.from({ length: 50 }, (_, row) => row);
    expect(cleanPower(times, new Float64Array(50)).counts.zero).toBe(50);
    expect(cleanPower(times, new Float64Array(50).fill(Number.NaN)).counts.missing).toBe(50);
    expect(cleanPower(times, new Float64Array(50).fill(70)).counts.good).toBe(50);
    expect(cleanPower(Float64Array.of(0), Float64Array.of(70)).counts.good).toBe(1);
  });

  it('marks every row with exactly one reason, and changes nothing, whatever it gets', () => {
    const reading = fc.oneof(
      fc.double(),
      fc.double({ min: 0, max: 500 }),
      fc.constantFrom(0, 100, 1e308, Number.NaN),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), reading), { maxLength: 200 }), (rows) => {
        const t = Float64Array.from(rows, ([at]) => at);
        const watts = Float64Array.from(rows, ([, value]) => value);
        const [times, before] = [t.slice(), watts.slice()];
        const { marks, counts } = cleanPower(t, watts);
        expect(marks).toHaveLength(rows.length);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        expect([t, watts]).toEqual([times, before]);
        const good = usableWatts(watts, { marks }).filter((value) => !Number.isNaN(value));
        expect(good.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
      }),
    );
  });

  it.skipIf(noPublished)(
    `marks nothing but the blank rows of a published desktop trace ${noPublished || ''}`,
    () => {
      const rows = readFileSync(PUBLISHED, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))));
      const column = (index: number): Float64Array =>
        Float64Array.from(rows, (row) => row[index] ?? Number.NaN);
      const { system, cpu } = cleanPowerTable({ t: column(0), systemWatts: column(1), cpuWatts: column(2) });
      for (const { counts, gaps, stepWatts } of [system, cpu]) {
        expect(counts).toMatchObject({ good: rows.length - 39, missing: 39 });
        expect(gaps).toHaveLength(21);
        expect(stepWatts).toBeCloseTo(0.01, 9);
      }
    },
  );
});
