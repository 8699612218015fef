import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuBoard } from './cpu-board.js';
import { CPU } from './layout.js';
import { Words } from './words.js';

type Field = Exclude<keyof typeof CPU, 'words'>;

function board(now: number, fields: Partial<Record<Field, number>>, pid = 4711): CpuBoard {
  const words = new Words(new ArrayBuffer(CPU.words * 8));
  for (const [name, value] of Object.entries(fields)) words.set(CPU[name as Field], BigInt(value));
  words.setHalf(CPU.pid, 0, pid);
  words.setHalf(CPU.pid, 1, pid);
  return new CpuBoard(words, 1, () => now);
}

describe('CpuBoard', () => {
  it('adds the slice that runs', () => {
    const busy = board(1_500, { since: 1_000, taskNs: 200 }).busy(0);
    expect(busy).toMatchObject({ taskNs: 700, hardNs: 0, softNs: 0 });
  });

  it('takes ended interrupts out of the slice', () => {
    const fields = { since: 1_000, hardNs: 130, hardNsAtSince: 100, softNs: 70, softNsAtSince: 50 };
    expect(board(1_500, fields).busy(0)).toMatchObject({ taskNs: 450, hardNs: 130, softNs: 70 });
  });

  it('takes interrupts that are being handled out of the slice, the hard out of the soft', () => {
    const fields = {
      since: 1_000,
      softSince: 1_200,
      hardSince: 1_400,
      hardNs: 10,
      hardNsAtSince: 10,
      softHardNs: 10,
    };
    expect(board(1_500, fields).busy(0)).toMatchObject({ taskNs: 200, softNs: 200, hardNs: 110 });
  });

  it('counts nothing but interrupts when idle, and nothing of an unknown slice', () => {
    expect(board(1_500, { since: 1_000, taskNs: 7, hardSince: 1_490 }, 0).busy(0)).toMatchObject({
      taskNs: 7,
      hardNs: 10,
    });
    expect(board(1_500, { since: 0, taskNs: 7 }).busy(0).taskNs).toBe(7);
  });

  it('never goes below zero, and always accounts for every nanosecond of the slice once', () => {
    const moment = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(moment, moment, moment, moment, (a, b, c, d) => {
        const [since = 0, softSince = 0, hardSince = 0, now = 0] = [a, b, c, d]
          .map((x) => x + 1)
          .sort((x, y) => x - y);
        const { taskNs, softNs, hardNs } = board(now, { since, softSince, hardSince }).busy(0);
        expect(Math.min(taskNs, softNs, hardNs)).toBeGreaterThanOrEqual(0);
        expect(taskNs + softNs + hardNs).toBe(now - since);
      }),
    );
  });

  it('reads again when the kernel wrote meanwhile', () => {
    const words = new Words(new ArrayBuffer(CPU.words * 8));
    let readings = 0;
    const result = new CpuBoard(words, 1).consistent(0, () => {
      readings++;
      // One write while the first reading goes on.
      if (readings === 1) words.set(CPU.sequence, 2n);
      return readings;
    });
    expect(result).toBe(2);
  });

  it('does not read for ever what seems to be written for ever', () => {
    const words = new Words(new ArrayBuffer(CPU.words * 8));
    words.set(CPU.sequence, 1n);
    expect(new CpuBoard(words, 1).consistent(0, () => 'something')).toBe('something');
  });
});
