import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { onlineCpus, parseCpuList } from './cpu-list.js';

describe('parseCpuList', () => {
  it.each([
    ['0', [0]],
    ['0,24\n', [0, 24]],
    ['0-1', [0, 1]],
    ['0-2,8,10-11\n', [0, 1, 2, 8, 10, 11]],
    ['\n', []],
  ])('reads %j', (text, cpus) => expect(parseCpuList(text)).toEqual(cpus));

  it.each(['all', '0-', '3-1', '-1', '0;1', '0-99999999999', '1.5'])('takes %j for no list', (text) =>
    expect(parseCpuList(text)).toBeUndefined(),
  );

  it('reads any list of single processors', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4095), { minLength: 1 }), (cpus) => {
        expect(parseCpuList(cpus.join(','))).toEqual(cpus);
      }),
    );
  });
});

describe('onlineCpus', () => {
  it('leaves out processors that are switched off', () => {
    expect(onlineCpus(fixtureHost({ 'sys/devices/system/cpu/online': '0-1,3\n' }))).toEqual([0, 1, 3]);
    expect(onlineCpus(fixtureHost({}))).toEqual([]);
  });
});
