import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationKey, parseConfigurationKey } from './configuration-key.js';

describe('the key of a configuration', () => {
  it.each([
    ['(1, 1769, 4)', { cpu: 1, memoryMib: 1769, workers: 4 }],
    ['(1,1769,4)', { cpu: 1, memoryMib: 1769, workers: 4 }],
    ['  ( 0.5 ,  256.0,32 ) ', { cpu: 0.5, memoryMib: 256, workers: 32 }],
    ['(2.0, 512, 8.0)', { cpu: 2, memoryMib: 512, workers: 8 }],
    ['(1, 0, 4)', { cpu: 1, memoryMib: 0, workers: 4 }],
    ['(.25, 1e3, 1,)', { cpu: 0.25, memoryMib: 1000, workers: 1 }],
    ['(4., 512, 1)', { cpu: 4, memoryMib: 512, workers: 1 }],
  ])('reads %j', (key, configuration) => {
    expect(parseConfigurationKey(key)).toEqual(configuration);
  });

  it.each([
    ['sample', 'is not'],
    ['(1, 1769)', 'is not'],
    ['(1, 1769, 4, 2)', 'is not'],
    ['(1, , 4)', 'is not'],
    ['(-1, 1769, 4)', 'is not'],
    ['(0, 1769, 4)', 'no processors'],
    ['(1, 1769, 0)', 'workers'],
    ['(1, 1769, 2.5)', 'workers'],
    ['(1, 1e999, 2)', 'memory'],
  ])('refuses %j', (key, why) => {
    expect(parseConfigurationKey(key)).toContain(why);
  });

  it('reads what it writes', () => {
    const amount = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    const configuration = fc.record({ cpu: amount, memoryMib: amount, workers: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(configuration, (each) => {
        expect(parseConfigurationKey(configurationKey(each))).toEqual(each);
      }),
    );
  });
});
