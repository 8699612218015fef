import { describe, expect, it } from 'vitest';
import type { Principal } from '../../model/index.js';
import { Roster } from './roster.js';

const principal = (key: string, kind: Principal['kind'] = 'cgroup'): Principal => ({
  key,
  kind,
  name: key,
  labels: {},
});

function roster(limit: number) {
  const forgotten: string[] = [];
  const made = new Roster({ limit, rememberSeconds: 600, onForget: (key) => forgotten.push(key) });
  const tick = (at: number, ...there: Principal[]): void => {
    made.begin(at, 1000 + at);
    for (const one of there) made.add(one, 1);
  };
  return { made, tick, forgotten, keys: () => [...made.members.keys()] };
}

describe('Roster', () => {
  it('forgets what never comes back after ten minutes, and keeps what is known by name', () => {
    const { tick, forgotten, keys } = roster(10);
    tick(
      0,
      principal('pod', 'pod'),
      principal('container', 'container'),
      principal('nginx.service', 'service'),
    );
    tick(600);
    expect(forgotten).toEqual([]);
    tick(601);
    expect(forgotten).toEqual(['pod', 'container']);
    tick(1e6);
    expect(keys()).toEqual(['nginx.service']);
  });

  it('lets nobody go who is only noted later in the tick than a newcomer', () => {
    const { tick, forgotten, made } = roster(3);
    const [a, b, c] = ['a', 'b', 'c'].map((key) => principal(key)) as [Principal, Principal, Principal];
    tick(0, a, b, c);
    tick(1, principal('new'), a, b, c);
    expect(forgotten).toEqual([]);
    expect(made.members.get('others')?.used).toBe(1);
    expect(made.members.get('a')).toMatchObject({ cpuSeconds: 2, since: 1000 });
  });

  it('lets the longest gone go first when it is full', () => {
    const { tick, forgotten, keys } = roster(3);
    tick(0, principal('a'), principal('b'), principal('c'));
    tick(1, principal('b'), principal('c'));
    tick(2, principal('c'));
    tick(3, principal('c'));
    tick(4, principal('c'), principal('new'));
    expect(forgotten).toEqual(['a']);
    expect(keys()).toEqual(['b', 'c', 'new']);
  });

  it('tells what was used in the tick from what is yet to be accounted for', () => {
    const { made, tick } = roster(3);
    tick(0, principal('a'));
    tick(1, principal('a'));
    expect(made.members.get('a')).toMatchObject({ used: 1, pending: 2 });
    made.settle();
    tick(2);
    const member = made.members.get('a');
    expect(member).toMatchObject({ used: 0, pending: 0, cpuSeconds: 2 });
    expect(member && made.isThere(member)).toBe(false);
  });
});
