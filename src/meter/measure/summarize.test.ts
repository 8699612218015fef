import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnergySource } from '../source.js';
import type { SpanEnergy } from '../span/span.js';
import type { CommandRun } from './run-once.js';
import { type SummaryOptions, summarize } from './summarize.js';

const options = (energySources: readonly EnergySource[] = []): SummaryOptions => ({
  meter: { absent: [], energySources },
  primary: [],
  disagreementWarning: 0.15,
  carbonIntensity: 500,
  idleUnknown: 'nobody watched',
});

const energy = (part: Partial<SpanEnergy>): SpanEnergy => ({
  source: 'rapl',
  domain: 'package',
  nodeJoules: 10,
  joules: 4,
  idleJoules: 1,
  provenance: 'measured',
  uncertainty: 0.05,
  ...part,
});

const run = (part: Partial<CommandRun> = {}): CommandRun => ({
  exit: { code: 0, signal: undefined },
  wallSeconds: 1,
  cpuSeconds: 0.5,
  memoryPeakMib: 10,
  usages: [],
  energies: [energy({})],
  outlived: [],
  interrupted: false,
  ...part,
});

const failed = (code: number): Partial<CommandRun> => ({ exit: { code, signal: undefined } });

describe('summarize', () => {
  it('adds domains that do not hold each other, and never a domain to one that holds it', () => {
    const energies = [
      energy({}),
      energy({ domain: 'core', joules: 3 }),
      energy({ domain: 'dram', joules: 2, idleJoules: 0.5 }),
    ];
    const summary = summarize(['x'], [run({ energies })], options());
    expect(summary.joules).toBeCloseTo(4 + 1 + 2 + 0.5);
    expect(summary.carbonGrams).toBeCloseTo((7.5 / 3.6e6) * 500);
    expect(summary.energy.map(({ domain, primary }) => [domain, primary])).toEqual([
      ['package', true],
      ['core', false],
      ['dram', true],
    ]);
  });

  it('counts whole runs, and reports the one that was cut short', () => {
    const cut = run({ wallSeconds: 0.1, interrupted: true, exit: { code: 130, signal: 'SIGINT' } });
    const summary = summarize(['x'], [run(), run({ wallSeconds: 3 }), cut], options());
    expect(summary).toMatchObject({ wallSeconds: 2, interrupted: true, exit: { code: 130 } });
    expect(summary.repeats.map(({ interrupted }) => interrupted)).toEqual([false, false, true]);
    expect(summarize(['x'], [cut], options()).wallSeconds).toBe(0.1);
  });

  it('ends with the code of the first run that failed', () => {
    expect(summarize(['x'], [run(), run(failed(3)), run(failed(4)), run()], options()).exit.code).toBe(3);
  });

  it('takes the largest peak of memory, and the mean of what each method saw', () => {
    const usage = (cpuSeconds: number, cycles?: number) => [
      { source: 'perf' as const, usage: { cpuSeconds, ...(cycles === undefined ? {} : { cycles }) } },
    ];
    const runs = [
      run({ memoryPeakMib: 10, usages: usage(1, 100) }),
      run({ memoryPeakMib: 30, usages: usage(3) }),
      run({ memoryPeakMib: undefined, usages: usage(2, 300) }),
    ];
    const summary = summarize(['x'], runs, options());
    expect(summary.memoryPeakMib).toBe(30);
    // Cycles were not known in every run: a mean of some would be of other runs than the time.
    expect(summary.usages).toEqual([{ source: 'perf', usage: { cpuSeconds: 2 } }]);
  });

  it('says that idle is unknown, and of a source that gave nothing that it did not', () => {
    const silent = [{ name: 'ipmi' }] as EnergySource[];
    const summary = summarize(
      ['x'],
      [run({ energies: [energy({ idleJoules: undefined })] })],
      options(silent),
    );
    expect(summary.idleUnknown).toBe('nobody watched');
    expect(summary.absent).toEqual([
      expect.objectContaining({ name: 'ipmi', reason: expect.stringMatching(/no figure/) }),
    ]);
    expect(summarize(['x'], [run()], options()).idleUnknown).toBeUndefined();
  });

  it('gives no energy and no carbon where no source works, rather than 0', () => {
    const summary = summarize(['x'], [run({ energies: [] })], options());
    expect(summary).toMatchObject({ joules: undefined, carbonGrams: undefined, primary: undefined });
  });

  it('gives a mean within the runs, and a finite one, for any runs', () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    const any = fc.record({
      wallSeconds: amount,
      cpuSeconds: amount,
      joules: amount,
      idle: fc.option(amount),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), (samples) => {
        const runs = samples.map(({ wallSeconds, cpuSeconds, joules, idle }) =>
          run({ wallSeconds, cpuSeconds, energies: [energy({ joules, idleJoules: idle ?? undefined })] }),
        );
        const { wallSeconds, joules = Number.NaN, statistics } = summarize(['x'], runs, options());
        const walls = samples.map((sample) => sample.wallSeconds);
        expect(wallSeconds).toBeGreaterThanOrEqual(Math.min(...walls) * (1 - 1e-9));
        expect(wallSeconds).toBeLessThanOrEqual(Math.max(...walls) * (1 + 1e-9));
        expect(joules).toBeGreaterThanOrEqual(0);
        expect(statistics.joules?.standardDeviation ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
