import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { fixtureHost } from '../testing/tree.js';
import { kernelUnits, parseAuxv } from './auxv.js';

const ENTRIES = [
  [33, 0x7fff_0000],
  [16, 0x178b_fbff],
  [6, 4096],
  [17, 250],
  [0, 0],
] as const;

function auxv(word: 4 | 8, little: boolean): Buffer {
  const bytes = Buffer.alloc(ENTRIES.length * 2 * word);
  ENTRIES.flat().forEach((value, index) => {
    if (word === 8) {
      if (little) bytes.writeBigUInt64LE(BigInt(value), index * 8);
      else bytes.writeBigUInt64BE(BigInt(value), index * 8);
    } else if (little) bytes.writeUInt32LE(value, index * 4);
    else bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}

describe('the clock tick', () => {
  it.each([
    [8, true],
    [8, false],
    [4, true],
    [4, false],
  ] as const)('is read from a vector of %d-byte words, little-endian %s', (word, little) => {
    expect(parseAuxv(auxv(word, little))).toEqual({ ticksPerSecond: 250, pageBytes: 4096 });
  });

  it('is not taken from a vector that is cut short or is none', () => {
    const cut = auxv(8, true).subarray(0, 40);
    for (const bytes of [
      cut,
      Buffer.alloc(0),
      Buffer.alloc(64),
      Buffer.from('not a vector at all, just text'),
    ]) {
      expect(parseAuxv(bytes)).toBeUndefined();
    }
  });

  it('is asked for where the vector is not there, and is the kernel interface’s 100 when nobody answers', () => {
    const nowhere = createHost({ procfs: '/proc', log: silentLogger });
    const blind = { ...nowhere, proc: () => '/nonexistent' };
    expect(kernelUnits(blind, (name) => (name === 'CLK_TCK' ? 1000 : 16384))).toEqual({
      ticksPerSecond: 1000,
      pageBytes: 16384,
    });
    expect(kernelUnits(blind, () => undefined)).toEqual({ ticksPerSecond: 100, pageBytes: 4096 });
  });

  it('does not ask this machine about another', () => {
    expect(kernelUnits(fixtureHost({}), () => 333)).toEqual({ ticksPerSecond: 100, pageBytes: 4096 });
  });

  it.skipIf(!existsSync('/proc/self/auxv'))('is what this machine’s getconf says', () => {
    const said = (name: string): number => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
    expect(kernelUnits(createHost({ log: silentLogger }), () => undefined)).toEqual({
      ticksPerSecond: said('CLK_TCK'),
      pageBytes: said('PAGESIZE'),
    });
  });
});
