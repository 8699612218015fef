import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../errors/index.js';
import { configurationKey } from './configuration-key.js';
import { parseProfile } from './parse-profile.js';
import type { Profile, ProfileColumn } from './profile.js';
import { profileText } from './profile-text.js';

const parse = (tree: unknown): Profile =>
  parseProfile(typeof tree === 'string' ? tree : JSON.stringify(tree), { name: 'p.json', stage: 'p' });

const PHASES = { read: [[0.1, 0.2]], compute: [[1, 2]], write: [[0.3, 0.4]], cold_start: [[0, 0.5]] };
const KEY = '(1, 1769, 2)';

function refusal(tree: unknown): string {
  try {
    parse(tree);
  } catch (error) {
    expect(error).toBeInstanceOf(WattloopError);
    return (error as WattloopError).line;
  }
  throw new Error('it was accepted');
}

describe('parseProfile', () => {
  it('reads a file by stage', () => {
    expect(parse({ first: { [KEY]: PHASES }, second: { [KEY]: PHASES } }).stages).toEqual(
      ['first', 'second'].map((name) => ({
        name,
        entries: [{ configuration: { cpu: 1, memoryMib: 1769, workers: 2 }, fields: PHASES, provenance: {} }],
      })),
    );
  });

  it('reads a file of one stage as FlexExecutor keeps it, and names it for the file', () => {
    expect(parse({ [KEY]: PHASES }).stages.map(({ name }) => name)).toEqual(['p']);
  });

  it('reads the older name of the cold start', () => {
    const { cold_start, ...others } = PHASES;
    const [stage] = parse({ s: { [KEY]: { ...others, cold_start_time: cold_start } } }).stages;
    expect(stage?.entries[0]?.fields.cold_start_time).toEqual(cold_start);
  });

  it("takes Python's NaN for what is not known, and leaves it in names", () => {
    const text = JSON.stringify({ NaN: { [KEY]: { ...PHASES, rapl_energy_pkg: [['@', 3]] } } });
    const [stage] = parse(text.replace('"@"', 'NaN')).stages;
    expect(stage?.name).toBe('NaN');
    expect(stage?.entries[0]?.fields.rapl_energy_pkg).toEqual([[null, 3]]);
  });

  it('passes on what nothing is known of, if it is a table, and leaves out what is none', () => {
    const [stage] = parse({
      s: { [KEY]: { ...PHASES, mood: [['good', 'bad']], notes: 'x', list: [1] } },
    }).stages;
    expect(Object.keys(stage?.entries[0]?.fields ?? {})).toEqual([...Object.keys(PHASES), 'mood']);
  });

  const withField = (field: string, value: unknown) => ({ s: { [KEY]: { ...PHASES, [field]: value } } });
  it.each([
    ['no JSON', '{', 'p.json: is not JSON'],
    ['a list', [], 'p.json: is not an object with stages'],
    ['a stage without configurations', { s: 3 }, 'stage "s": is not an object'],
    [
      'a key that is none',
      { s: { '(1, 2)': PHASES } },
      'stage "s", configuration "(1, 2)": is not "(cpu, memory, workers)"',
    ],
    [
      'a configuration twice',
      { s: { [KEY]: PHASES, '(1.0,1769,2)': PHASES } },
      'configuration "(1.0,1769,2)": is there twice, as (1, 1769, 2)',
    ],
    ['an entry that is a list', { s: { [KEY]: [] } }, 'is not an object with fields'],
    [
      'a missing phase',
      { s: { [KEY]: { ...PHASES, write: undefined } } },
      `configuration "${KEY}", write: is missing`,
    ],
    ['no cold start', { s: { [KEY]: { ...PHASES, cold_start: undefined } } }, 'cold_start: is missing'],
    ['a flat list', withField('compute', [1, 2]), 'compute: repetition 1 is not a list by worker'],
    ['a number', withField('compute', 1), 'compute: is not a list of repetitions'],
    [
      'text for seconds',
      withField('read', [['0.1', 0.2]]),
      'read: repetition 1, worker 1: "0.1" is no number of s',
    ],
    [
      'negative joules',
      withField('rapl_energy_pkg', [[1, -2]]),
      'rapl_energy_pkg: repetition 1, worker 2: -2 is below 0',
    ],
    [
      'a gap in a phase',
      withField('write', [[1, null]]),
      'write: repetition 1, worker 2: there is no figure',
    ],
    [
      'phases of different lengths',
      withField('write', [[1]]),
      'write: repetition 1 has 1 workers where compute has 2',
    ],
    [
      'repetitions of different numbers',
      withField('write', [
        [1, 2],
        [1, 2],
      ]),
      'write: has 2 repetitions where compute has 1',
    ],
    ['another unit', withField('units', { compute: 'ms' }), 'compute: is in "ms", and only s is understood'],
    ['a nested list', withField('compute', [[[1], 2]]), 'compute: holds lists or objects'],
    [
      'a name that is no text',
      withField('cpu_name', [[1, 'x']]),
      'cpu_name: repetition 1, worker 1: 1 is no text',
    ],
  ])('says what is wrong with %s', (_, tree, message) => {
    expect(refusal(tree)).toContain(message);
  });

  it('reads what is written, whatever it is', () => {
    const rows = <T>(value: fc.Arbitrary<T>, shape: readonly number[]): fc.Arbitrary<T[][]> =>
      fc.tuple(...shape.map((workers) => fc.array(value, { minLength: workers, maxLength: workers })));
    const amount = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0);
    const entry = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
      const known: fc.Arbitrary<ProfileColumn> = rows(amount, shape);
      const gappy: fc.Arbitrary<ProfileColumn> = rows(fc.option(amount), shape);
      const fields = fc.record(
        {
          read: known,
          compute: known,
          write: known,
          cold_start: known,
          rapl_energy_pkg: gappy,
          tdp_energy_pkg: gappy,
          cpu_name: rows(fc.option(fc.string()), shape),
          anything: rows(fc.option(fc.string()), shape),
        },
        { requiredKeys: ['read', 'compute', 'write', 'cold_start'] },
      );
      const configuration = fc.record({
        cpu: fc.double({ min: 0.01, max: 1e3, noNaN: true }),
        memoryMib: fc.integer({ min: 0, max: 1e6 }),
        workers: fc.integer({ min: 1, max: 1e6 }),
      });
      return fc.record({
        configuration,
        fields,
        provenance: fc.constant({ rapl_energy_pkg: 'measured' as const }),
      });
    });
    // Keys that are whole numbers change their places in JavaScript, and a configuration is no name of a stage.
    const name = fc.string().filter((text) => !/^\d+$|^\s*\(/.test(text));
    const stage = fc.record({
      name,
      entries: fc.uniqueArray(entry, {
        selector: ({ configuration }) => configurationKey(configuration),
        maxLength: 3,
      }),
    });
    const profile = fc.record({
      stages: fc.uniqueArray(stage, { selector: (each) => each.name, maxLength: 3 }),
    });
    fc.assert(
      fc.property(profile, (each) => {
        expect(parse(profileText(each))).toEqual(each);
      }),
    );
  });
});
