import { describe, expect, it } from 'vitest';
import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import { splitKeys, topKey } from './top-keys.js';
import { INITIAL_TOP, type TopState, topScreen, topText } from './top-view.js';

const share = (name: string, watts: number, pid = '1'): PrincipalShare => ({
  principal: { key: `${pid}:1`, kind: 'process', name, labels: { pid } },
  since: 0,
  isGone: false,
  watts,
  cpus: watts / 10,
  joulesTotal: watts * 2,
  idleJoulesTotal: 0,
  cpuSecondsTotal: 1,
});

const snapshot: NodeSnapshot = {
  time: 0,
  since: 0,
  seconds: 1,
  logicalCpus: 2,
  busyCpus: 0.5,
  energies: [{ source: 'rapl', domain: 'package', provenance: 'measured', watts: 30, joulesTotal: 60 }],
  primary: { source: 'rapl', domains: ['package'], reason: 'the only source that works here' },
  watts: 30,
  idleWatts: 10,
  unattributedWatts: 1,
  totals: { joules: 60, idleJoules: 20, unattributedJoules: 2, endedJoules: 0 },
  shares: [share('small', 1, '11'), share('big', 12, '12'), share('evil\u001b[2J\nname', 3, '13')],
  usageSource: 'proc',
  self: { cpuSecondsTotal: 0.1, joulesTotal: 0.2 },
  disagreements: [],
  crossChecks: [],
  used: ['rapl'],
  absent: [],
};

const press = (state: TopState, ...keys: string[]): TopState | undefined =>
  keys.reduce<TopState | undefined>((now, key) => now && topKey(now, key), state);

describe('top', () => {
  it('fills a terminal of 80 by 24 exactly, the largest consumer first', () => {
    const lines = topScreen(snapshot, INITIAL_TOP, 80, 24);
    expect(lines).toHaveLength(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[3]).toContain('big');
    expect(lines[3]).toContain('12.0 W');
    expect(lines[0]).toContain('30.0 W by rapl (package, measured)');
  });

  it('never lets a process name reach the terminal as a command', () => {
    const text = topScreen(snapshot, INITIAL_TOP, 80, 24).join('\n') + topText(snapshot, INITIAL_TOP, 10);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('evil?[2J?name');
  });

  it('sorts and filters by keys, and quits', () => {
    expect(press(INITIAL_TOP, 's')?.sort).toBe('cpu');
    const filtered = press(INITIAL_TOP, '/', 'b', 'i', 'x', '\u007f', 'g', '\r');
    expect(filtered).toMatchObject({ filter: 'big', typing: undefined });
    expect(topScreen(snapshot, filtered ?? INITIAL_TOP, 80, 24).join('\n')).not.toContain('small');
    expect(press(INITIAL_TOP, 'p')?.paused).toBe(true);
    expect(press(INITIAL_TOP, 'b')?.by).toBe('container');
    expect(press(INITIAL_TOP, 'q')).toBeUndefined();
    expect(press(INITIAL_TOP, '/', 'q')?.typing).toBe('q');
  });

  it('says so where nothing gives power, rather than 0 W', () => {
    const blind = {
      ...snapshot,
      primary: undefined,
      watts: undefined,
      idleWatts: undefined,
      unattributedWatts: undefined,
    };
    expect(topScreen(blind, INITIAL_TOP, 80, 24)[0]).toContain('no source of power works here');
  });

  it('stays in its box when the terminal is tiny', () => {
    expect(topScreen(snapshot, INITIAL_TOP, 20, 3)).toHaveLength(3);
    expect(topScreen(undefined, INITIAL_TOP, 20, 1)).toHaveLength(1);
  });

  it('takes several keys that arrive together apart', () => {
    expect(splitKeys('a\u001b[Bq')).toEqual(['a', '\u001b[B', 'q']);
  });
});
