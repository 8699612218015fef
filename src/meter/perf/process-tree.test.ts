import { describe, expect, it } from 'vitest';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { identify, processesOfTree, threadsOf } from './process-tree.js';

const fields = (state: string, start: string): string =>
  `${state} 1 1 1 0 -1 4194304 1 0 0 0 1 2 3 4 20 0 1 0 ${start} 1000 100 0\n`;

const task = (pid: number, tid: number, children?: string): Tree =>
  children === undefined
    ? { [`proc/${pid}/task/${tid}/comm`]: 'x\n' }
    : { [`proc/${pid}/task/${tid}/children`]: children };

describe('processesOfTree', () => {
  it('finds descendants by the children of every thread', () => {
    const host = fixtureHost({
      ...task(10, 10, '11 '),
      ...task(10, 15, '12 '),
      ...task(11, 11, ''),
      ...task(12, 12, '13 '),
      ...task(13, 13, ''),
      ...task(99, 99, ''),
    });
    const pids = processesOfTree(host, 10);
    expect(pids.sort()).toEqual([10, 11, 12, 13]);
    expect(threadsOf(host, pids).sort()).toEqual([10, 11, 12, 13, 15]);
  });

  it('goes on where a process is gone or the kernel keeps no lists', () => {
    const host = fixtureHost({ ...task(10, 10, '11 12 '), ...task(12, 12) });
    expect(processesOfTree(host, 10)).toEqual([10, 11, 12]);
    expect(threadsOf(host, [10, 11, 12])).toEqual([10, 12]);
  });
});

describe('identify', () => {
  it('reads a name with blanks and brackets, and when the process began', () => {
    const host = fixtureHost({ 'proc/7/stat': `7 (a) R (b)) ${fields('S', '123456')}` });
    expect(identify(host, 7)).toEqual({ pid: 7, startTicks: 123456, name: 'a) R (b)' });
  });

  it.each([
    ['is not there', undefined],
    ['ended and is only waited for', `7 (sh) ${fields('Z', '5')}`],
    ['is half written', '7 (sh'],
    ['holds garbage', `7 (sh) ${fields('R', 'x')}`],
  ])('knows no process that %s', (_what, stat) => {
    expect(identify(fixtureHost(stat === undefined ? {} : { 'proc/7/stat': stat }), 7)).toBeUndefined();
  });
});
