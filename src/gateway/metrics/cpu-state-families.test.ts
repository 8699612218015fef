import { describe, expect, it } from 'vitest';
import { cpuStateFamilies } from './cpu-state-families.js';

describe('cpuStateFamilies', () => {
  it('says what each processor did, and nothing of what the kernel does not tell', () => {
    const [idle, frequency, throttling] = cpuStateFamilies(
      [
        { cpu: 0, idle: [{ name: 'C6', seconds: 12, entries: 3 }], throttling: { trips: 2 } },
        { cpu: 1, frequencies: [{ ghz: 2.4, seconds: 7 }], throttling: {} },
      ],
      5,
    );
    expect(idle?.samples).toEqual([{ value: 12, since: 5, labels: { cpu: '0', state: 'C6' } }]);
    expect(frequency?.samples).toEqual([{ value: 7, since: 5, labels: { cpu: '1', ghz: '2.4' } }]);
    expect(throttling?.samples).toEqual([{ value: 2, since: 5, labels: { cpu: '0', kind: 'trip' } }]);
  });
});
