import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../base/index.js';
import { DOMAINS, SOURCE_NAMES, type SourceName } from '../../model/index.js';
import { disagreements, relativeDifference } from './disagreement.js';
import { DisagreementMonitor, type DisagreementOptions } from './disagreement-monitor.js';

const energy = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

describe('relativeDifference', () => {
  it('is the difference over the mean', () => {
    expect(relativeDifference(90, 110)).toBeCloseTo(0.2, 12);
    expect(relativeDifference(0, 0)).toBe(0);
    expect(relativeDifference(0, 5)).toBe(2);
    expect(relativeDifference(1e308, 1.5e308)).toBeCloseTo(0.4, 12);
  });

  it('is symmetric, 0 only for equals, at most 2, and never no number', () => {
    fc.assert(
      fc.property(energy, energy, (a, b) => {
        const relative = relativeDifference(a, b);
        expect(relative).toBe(relativeDifference(b, a));
        expect(relative).toBeGreaterThanOrEqual(0);
        expect(relative).toBeLessThanOrEqual(2 + 1e-9);
        expect(relativeDifference(a, a)).toBe(0);
        if (a !== b) expect(relative).toBeGreaterThan(0);
      }),
    );
  });
});

describe('disagreements', () => {
  it('compares all pairs on a domain, in a fixed order, with sockets summed and garbage left out', () => {
    const found = disagreements([
      { source: 'tdp', domain: 'package', joules: 50 },
      { source: 'rapl', domain: 'package', joules: 60 },
      { source: 'rapl', domain: 'package', joules: 40 },
      { source: 'perf-power', domain: 'package', joules: 100 },
      { source: 'perf-power', domain: 'dram', joules: 7 },
      { source: 'rapl', domain: 'dram', joules: Number.NaN },
      { source: 'ipmi', domain: 'system', joules: -3 },
    ]);
    expect(found.map(({ a, b, domain, relative }) => [a, b, domain, relative])).toEqual([
      ['rapl', 'perf-power', 'package', 0],
      ['rapl', 'tdp', 'package', expect.closeTo(2 / 3, 12)],
      ['perf-power', 'tdp', 'package', expect.closeTo(2 / 3, 12)],
    ]);
  });

  it('does not depend on the order in which energies come', () => {
    const one = fc.record({
      source: fc.constantFrom(...SOURCE_NAMES),
      domain: fc.constantFrom(...DOMAINS),
      joules: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (energies) => {
        expect(disagreements([...energies].reverse())).toEqual(disagreements(energies));
      }),
    );
  });
});

function monitor(options: DisagreementOptions = {}) {
  const lines: string[] = [];
  const watch = new DisagreementMonitor(
    createLogger('warn', (line) => lines.push(line)),
    options,
  );
  const put = (source: SourceName, at: number, joules: number) =>
    watch.record({ source, domain: 'package', joules }, at);
  return { watch, put, lines };
}

describe('DisagreementMonitor', () => {
  it('compares what two sources counted over the time that they have in common, however often each is read', () => {
    const { watch, put, lines } = monitor();
    for (let i = 0; i <= 400; i++) put('rapl', i / 10, 500 + 5 * i);
    for (let t = 5.5; t <= 42; t += 7) put('ipmi', t, 54 * t);
    const [pair] = watch.check();
    expect(pair).toMatchObject({ a: 'rapl', b: 'ipmi', domain: 'package', overThreshold: false });
    expect(pair?.seconds).toBeCloseTo(34.5, 6);
    expect(pair?.joulesA).toBeCloseTo(50 * 34.5, 6);
    expect(pair?.relative).toBeCloseTo(4 / 52, 9);
    expect(lines).toEqual([]);
  });

  it('warns once with both figures, and again only after they agreed in between', () => {
    const { watch, put, lines } = monitor({ windowSeconds: 10, minSeconds: 5 });
    let tdp = 0;
    for (let t = 0; t <= 90; t++) {
      tdp += t < 30 || t >= 60 ? 75 : 50;
      put('rapl', t, 50 * t);
      put('tdp', t, tdp);
      watch.check();
    }
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      'wattloop: warn: sources disagree domain=package rapl_joules=250 tdp_joules=375 relative=0.4 seconds=5\n',
    );
  });

  it('looks at the window only, and does not judge what is too short', () => {
    const { watch, put } = monitor({ windowSeconds: 20, minSeconds: 10 });
    for (let t = 0; t <= 9; t++) {
      put('rapl', t, 10 * t);
      put('tdp', t, 90 * t);
    }
    expect(watch.check()).toEqual([]);
    for (let t = 10; t <= 60; t++) {
      put('rapl', t, 90 + 10 * (t - 9));
      put('tdp', t, 810 + 10 * (t - 9));
    }
    expect(watch.check()).toMatchObject([{ relative: 0, seconds: 20, joulesA: 200, joulesB: 200 }]);
  });

  it('starts anew with a source that counts from 0 again, and takes no garbage', () => {
    const { watch, put } = monitor({ minSeconds: 5 });
    for (let t = 0; t <= 30; t++) {
      put('rapl', t, 20 * t);
      put('tdp', t, t < 15 ? 500 * t : 20 * (t - 15));
      put('tdp', t, Number.NaN);
    }
    put('rapl', 12, 9999);
    expect(watch.check()).toMatchObject([{ seconds: 15, relative: expect.closeTo(0, 9) }]);
  });

  it('says nothing of a source that has gone silent', () => {
    const { watch, put } = monitor({ windowSeconds: 20, minSeconds: 5 });
    for (let t = 0; t <= 100; t++) {
      put('rapl', t, 20 * t);
      if (t <= 30) put('tdp', t, 50 * t);
      if (t === 40) expect(watch.check()).toHaveLength(1);
    }
    expect(watch.check()).toEqual([]);
  });

  it('says 2 where one of them counted nothing', () => {
    const { watch, put } = monitor();
    for (const t of [0, 20]) {
      put('rapl', t, 0);
      put('tdp', t, 5 * t);
    }
    expect(watch.check()).toMatchObject([{ relative: 2, joulesA: 0, joulesB: 100, overThreshold: true }]);
  });
});
