import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { childrenOf, identify } from './proc-stat.js';

const stat = (pid: number, name: string, parent: number): string =>
  `${pid} (${name}) S ${parent} ${pid} ${pid} 0 -1 4194304 110 0 0 0 1 2 0 0 20 0 1 0 8911 2805760 210 1844674407 1 1`;

describe('a process by /proc', () => {
  it('is identified, whatever its name holds', () => {
    const host = fixtureHost({ 'proc/42/stat': stat(42, 'a) b (c', 1) });
    expect(identify(host, 42)).toEqual({ pid: 42, startTicks: 8911, name: 'a) b (c' });
    expect(identify(host, 43)).toBeUndefined();
  });

  it('is not identified by half a line', () => {
    expect(identify(fixtureHost({ 'proc/42/stat': '42 (node) S 1 42' }), 42)).toBeUndefined();
  });

  it('has the children of all its threads', () => {
    const host = fixtureHost({ 'proc/42/task/42/children': '43 44 ', 'proc/42/task/45/children': '46 ' });
    expect(childrenOf(host, 42)).toEqual([43, 44, 46]);
  });

  it('has the children that name it as their parent, where the kernel lists none', () => {
    const host = fixtureHost({
      'proc/42/task/42/stat': stat(42, 'sh', 1),
      'proc/42/stat': stat(42, 'sh', 1),
      'proc/43/stat': stat(43, 'odd) S 42 (', 42),
      'proc/44/stat': stat(44, 'sleep', 1),
      'proc/meminfo': '',
    });
    expect(childrenOf(host, 42)).toEqual([43]);
  });
});
