import { describe, expect, it } from 'vitest';
import { encodeAttributes, HardwareEvent, PerfType } from './perf-attributes.js';

describe('encodeAttributes', () => {
  it('lays the structure out as the kernel reads it', () => {
    const bytes = encodeAttributes({ type: PerfType.cache, config: (7n << 32n) | 2n });
    expect(bytes.length).toBe(64);
    expect([bytes.readUInt32LE(0), bytes.readUInt32LE(4)]).toEqual([3, 64]);
    expect(bytes.readBigUInt64LE(8)).toBe(0x7_0000_0002n);
    // Counting: no sampling period and no sample type. Both times and the group in one read.
    expect([bytes.readBigUInt64LE(16), bytes.readBigUInt64LE(24)]).toEqual([0n, 0n]);
    expect(bytes.readBigUInt64LE(32)).toBe(0b1011n);
    expect(bytes.readBigUInt64LE(40)).toBe(0n);
    expect(bytes.subarray(48).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    [{ disabled: true }, 0x1n],
    [{ inherit: true }, 0x2n],
    [{ excludeKernel: true }, 0x20n],
    [{ enableOnExec: true }, 0x1000n],
    [{ disabled: true, inherit: true, excludeKernel: true, enableOnExec: true }, 0x1023n],
  ])('sets the flags of %j', (options, flags) => {
    const bytes = encodeAttributes({ type: PerfType.hardware, config: HardwareEvent.cycles }, options);
    expect(bytes.readBigUInt64LE(40)).toBe(flags);
  });
});
