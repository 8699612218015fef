import { describe, expect, it } from 'vitest';
import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import { inAscii, showsUnicode } from './ascii.js';
import { splitKeys, topKey } from './top-keys.js';
import { INITIAL_TOP, type TopState } from './top-rows.js';
import { topScreen, topText, withinScreen } from './top-view.js';

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
    expect(lines[4]).toContain('big');
    expect(lines[4]).toContain('12.0 W');
    expect(lines[2]).toBe('by process, sorted by watts, 3 rows');
    expect(lines[23]).toMatch(/^q quit .* scroll$/);
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

  it('scrolls no further than there are rows, and shows the newest when rows are gone', () => {
    const far = press(INITIAL_TOP, '\u001b[6~', '\u001b[6~') ?? INITIAL_TOP;
    expect(withinScreen(far, snapshot, 7)).toMatchObject({ offset: 1 });
    expect(withinScreen(far, snapshot, 24)).toMatchObject({ offset: 0 });
    expect(topScreen(snapshot, far, 80, 7).slice(4, 6).join()).toMatch(/evil.*small/);
    expect(press(INITIAL_TOP, '\u001bOB', '\u001b[A', '\u001b[A')?.offset).toBe(0);
  });

  it('begins a view that is changed to unpaused, as it has nothing yet to stand still at', () => {
    expect(press(INITIAL_TOP, 'p', 'b')).toMatchObject({ paused: false, by: 'container' });
  });

  it('deletes a whole character of the filter, also one beyond the basic plane', () => {
    expect(press(INITIAL_TOP, '/', 'a', '\u{1f600}', '\u007f')?.typing).toBe('a');
  });

  it('shows power and energy that nothing tells as a dash, ordered by CPU time', () => {
    const shares = snapshot.shares.map((one) => ({ ...one, watts: undefined, joulesTotal: undefined }));
    const blind = { ...snapshot, shares, primary: undefined, watts: undefined, totals: undefined };
    const [, , , , first] = topScreen(blind, INITIAL_TOP, 80, 24);
    expect(first).toMatch(/^ +- +120\.0 % +- {2}12 +big$/);
  });
});

describe('inAscii', () => {
  it('writes what a terminal without UTF-8 can show, and not a byte more', () => {
    expect(inAscii('1.2 µW ± 3 … ↑↓ 日本')).toBe('1.2 uW +- 3 ~ up/down ??');
  });

  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{}, false],
    [{ LC_CTYPE: 'C.utf8' }, true],
  ])('takes %j for what it is', (env, unicode) => {
    expect(showsUnicode(env)).toBe(unicode);
  });
});
