import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statLine } from '../testing/processes.js';
import { emptyPidStat, parsePidStat } from './pid-stat.js';

function parse(text: string) {
  const bytes = Buffer.from(text);
  const stat = emptyPidStat();
  const ok = parsePidStat(bytes, bytes.length, stat);
  return ok ? { ...stat, name: bytes.toString('utf8', stat.nameStart, stat.nameEnd) } : undefined;
}

describe('a stat file', () => {
  it('tells parent, times, threads and start', () => {
    const text = statLine({
      pid: 42,
      ppid: 7,
      name: 'node',
      utime: 10,
      stime: 3,
      cutime: 100,
      cstime: 20,
      threads: 11,
      start: 5555,
    });
    expect(parse(text)).toMatchObject({
      ppid: 7,
      name: 'node',
      ownTicks: 13,
      waitedTicks: 120,
      threads: 11,
      startTicks: 5555,
      residentPages: 512,
      state: 'S'.charCodeAt(0),
    });
  });

  it.each(['tmux: server', ') R 1 (', '((', '))', 'a\nb', '', ') R 1 2 3 4 5 6 7 8', '42 (x) S 1', 'ü (β)'])(
    'is not fooled by the name %j',
    (name) => {
      expect(parse(statLine({ pid: 9, ppid: 3, name, utime: 4, start: 77 }))).toMatchObject({
        name,
        ppid: 3,
        ownTicks: 4,
        startTicks: 77,
      });
    },
  );

  it('reads whatever name and numbers a process can have', () => {
    const count = fc.nat({ max: 2 ** 40 });
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), count, count, count, (name, utime, stime, start) => {
        const found = parse(statLine({ pid: 1, name, utime, stime, start }));
        expect(found).toMatchObject({ name, ownTicks: utime + stime, startTicks: start });
      }),
    );
  });

  it.each(['', '12', '12 (x', '12 (x)', '12 (x) ', '12 (x) S', '12 (x) S 1 1 1 0 -1 4 1 1', 'garbage', ')('])(
    'is refused when it says %j',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );

  it('never takes a part of a line for a whole one', () => {
    const text = statLine({ pid: 1, utime: 123, stime: 45, start: 678 });
    fc.assert(
      fc.property(fc.nat({ max: text.length - 2 }), (length) => {
        const found = parse(text.slice(0, length));
        if (found) expect(found.ownTicks).toBe(168);
      }),
    );
  });

  it('counts no children when their times are not numbers', () => {
    const text = statLine({ pid: 1, utime: 5 }).replace(' 5 0 0 0 20', ' 5 0 -1 -1 20');
    expect(parse(text)).toMatchObject({ ownTicks: 5, waitedTicks: 0 });
  });
});
