import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../model/index.js';
import { resourcesFor } from './resources.js';

const lambda = settingsSchema.parse({ compute: { coupling: 'lambda' } });
const plain = settingsSchema.parse({ compute: { cpu: 2, memory_mib: 512 } });

describe('resourcesFor', () => {
  it('gives what was asked for, else what the settings say', () => {
    expect(resourcesFor(plain)).toEqual({ cpu: 2, memoryMib: 512 });
    expect(resourcesFor(plain, { cpu: 0.25 })).toEqual({ cpu: 0.25, memoryMib: 512 });
    expect(resourcesFor(plain, { memoryMib: 128 })).toEqual({ cpu: 2, memoryMib: 128 });
  });

  it('derives processors from memory as AWS Lambda does', () => {
    expect(resourcesFor(lambda, { memoryMib: 1_769 })).toEqual({ cpu: 1, memoryMib: 1_769 });
    expect(resourcesFor(lambda, { memoryMib: 128 }).cpu).toBeCloseTo(0.0724, 4);
    expect(resourcesFor(lambda, { memoryMib: 3_538 }).cpu).toBe(2);
    expect(resourcesFor(lambda, { memoryMib: 10_240 }).cpu).toBeLessThanOrEqual(6);
  });

  it('refuses what makes no sense', () => {
    expect(() => resourcesFor(lambda, { memoryMib: 64 })).toThrow(/128 to 10240/);
    expect(() => resourcesFor(lambda, { memoryMib: 1_769, cpu: 2 })).toThrow(/lambda/);
    expect(() => resourcesFor(plain, { cpu: 0 })).toThrow(/above 0/);
    expect(() => resourcesFor(plain, { memoryMib: Number.NaN })).toThrow(/above 0/);
  });
});
