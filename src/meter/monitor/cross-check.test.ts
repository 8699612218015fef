import { describe, expect, it } from 'vitest';
import { withCalibration } from './comparison.js';
import { type CheckedSource, CrossCheck, powerByDomain } from './cross-check.js';

const rapl: CheckedSource = {
  source: 'rapl',
  domain: 'package',
  provenance: 'measured',
  uncertainty: 0.05,
  sampling: 'mean',
};
const tdp: CheckedSource = {
  source: 'tdp',
  domain: 'package',
  provenance: 'estimated',
  uncertainty: 0.5,
  sampling: 'mean',
};

/** Power that jumps about without a period, the same at every run. */
function load(second: number): number {
  let hash = Math.imul(Math.floor(second / 3) + 1, 2_654_435_761) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507) >>> 0;
  return 20 + ((hash >>> 8) % 1000) / 20;
}

describe('CrossCheck', () => {
  it('finds gain, offset and lag of an estimate against a measured source, whichever joined first', () => {
    const check = new CrossCheck();
    check.join(tdp);
    check.join(rapl);
    for (let at = 1; at < 400; at++) {
      check.record('rapl', 'package', { at, watts: load(at) });
      check.record('tdp', 'package', { at, watts: 0.5 * load(at - 4) + 5 });
    }
    const [report] = check.report();
    expect(report).toMatchObject({ source: 'tdp', against: 'rapl', domain: 'package', reason: undefined });
    expect(report?.lagSeconds).toBeCloseTo(4, 0);
    expect(report?.calibration?.gain.value).toBeCloseTo(2, 1);
    expect(report?.calibration?.offsetWatts.value).toBeCloseTo(-10, 0);
    const power = (source: 'rapl' | 'tdp', watts: number) =>
      ({ source, domain: 'package', provenance: 'measured', watts, joulesTotal: 0 }) as const;
    const [raw, estimate] = withCalibration([power('rapl', 40), power('tdp', 25)], check.report());
    expect(raw).not.toHaveProperty('calibratedWatts');
    expect(estimate).toMatchObject({ watts: 25, calibratedWatts: expect.closeTo(40, 0) });
  });

  it('says why there is no calibration yet', () => {
    const check = new CrossCheck();
    check.join(rapl);
    expect(check.report()).toEqual([]);
    check.join(tdp);
    expect(check.report()[0]).toMatchObject({
      calibration: undefined,
      lagSeconds: undefined,
      reason: 'not enough has been seen yet',
    });
  });

  it('adds the devices of a poll', () => {
    const power = (device: string, watts: number) =>
      ({ kind: 'power', domain: 'system', device, at: 5, watts }) as const;
    expect(powerByDomain([power('psu-1', 80), power('psu-2', 70)]).get('system')).toEqual({
      at: 5,
      watts: 150,
    });
  });
});
