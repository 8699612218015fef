import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, DOMAINS, PROVENANCES, SOURCE_NAMES } from '../../model/index.js';
import { type Candidate, choosePrimary } from './choose.js';

const rapl: Candidate = {
  name: 'rapl',
  provenance: 'measured',
  uncertainty: 0.05,
  domains: ['core', 'package', 'dram'],
};
const perf: Candidate = { ...rapl, name: 'perf-power' };
const ipmi: Candidate = { name: 'ipmi', provenance: 'measured', uncertainty: 0.1, domains: ['system'] };
const scpi: Candidate = { ...ipmi, name: 'scpi', uncertainty: 0.001 };
const kepler: Candidate = { name: 'kepler', provenance: 'modelled', uncertainty: 0.2, domains: ['system'] };
const tdp: Candidate = { name: 'tdp', provenance: 'estimated', uncertainty: 0.5, domains: ['package'] };
const nvidia: Candidate = { name: 'nvidia', provenance: 'measured', uncertainty: 0.05, domains: ['gpu'] };

describe('choosePrimary', () => {
  it.each([
    [[tdp], 'tdp', ['package'], 'the only source of energy'],
    [[kepler, rapl, tdp], 'rapl', ['package', 'dram'], 'measured, while kepler is modelled'],
    [[tdp, kepler], 'kepler', ['system'], 'modelled, while tdp is estimated'],
    [[rapl, ipmi], 'ipmi', ['system'], 'it covers system, rapl package + dram'],
    [[ipmi, scpi], 'scpi', ['system'], 'its uncertainty is 0.1 %, that of ipmi 10 %'],
    [
      [perf, rapl],
      'rapl',
      ['package', 'dram'],
      'as good as perf-power, and before it in the list of sources',
    ],
    [
      [{ ...rapl, domains: ['package'] }, perf],
      'perf-power',
      ['package', 'dram'],
      'it covers package + dram, rapl package',
    ],
    [[nvidia, tdp], 'tdp', ['package'], 'it covers the processors, nvidia only gpu'],
    [[nvidia], 'nvidia', ['gpu'], 'the only source of energy'],
    [
      [{ ...rapl, domains: ['psys', 'package', 'core', 'dram'] }],
      'rapl',
      ['psys'],
      'the only source of energy',
    ],
  ] as const)('of %j takes %s', (candidates, source, domains, reason) => {
    expect(choosePrimary(candidates)).toEqual({ source, domains, reason });
  });

  it('obeys a preference before all else, in its order', () => {
    expect(choosePrimary([rapl, ipmi, tdp], ['tdp', 'rapl'])).toEqual({
      source: 'tdp',
      domains: ['package'],
      reason: 'preferred by the settings (meter.primary)',
    });
    expect(choosePrimary([rapl, ipmi], ['battery'])?.source).toBe('ipmi');
  });

  it('has none where nothing gives a figure', () => {
    expect(choosePrimary([])).toBeUndefined();
    expect(choosePrimary([{ ...rapl, domains: [] }], ['rapl'])).toBeUndefined();
  });

  it('does not depend on the order of candidates, and never adds a domain to one that holds it', () => {
    const candidate = fc.record({
      name: fc.constantFrom(...SOURCE_NAMES),
      provenance: fc.constantFrom(...PROVENANCES),
      uncertainty: fc.oneof(fc.constantFrom(0.05, 0.1), fc.constant(Number.NaN)),
      domains: fc.subarray([...DOMAINS]),
    });
    const candidates = fc.uniqueArray(candidate, { selector: ({ name }) => name, maxLength: 8 });
    const preference = fc.subarray([...SOURCE_NAMES], { maxLength: 3 });
    fc.assert(
      fc.property(
        candidates.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        preference,
        ([all, shuffled], prefer) => {
          const choice = choosePrimary(all, prefer);
          expect(choosePrimary(shuffled, prefer)).toEqual(choice);
          for (const outer of choice?.domains ?? [])
            for (const inner of choice?.domains ?? []) expect(contains(outer, inner)).toBe(false);
          const preferred = prefer.find((name) =>
            all.some((one) => one.name === name && one.domains.length > 0),
          );
          if (preferred !== undefined) expect(choice?.source).toBe(preferred);
        },
      ),
    );
  });
});
