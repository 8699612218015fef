import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExpositionSample, parseExposition } from './exposition-parser.js';

const one = (line: string): ExpositionSample | undefined => parseExposition(line).samples[0];

/** Writes samples as exporters do, to read them back. */
function write(sample: ExpositionSample): string {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const labels = Object.entries(sample.labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  const value = Number.isNaN(sample.value) ? 'NaN' : String(sample.value).replace('Infinity', 'Inf');
  const braces = labels.length === 0 ? '' : `{${labels.join(',')}}`;
  return `${sample.name}${braces} ${value}${sample.timestamp === undefined ? '' : ` ${sample.timestamp}`}`;
}

const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const sampleArbitrary = fc.record(
  {
    name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/),
    labels: fc.dictionary(labelName, fc.string({ unit: 'binary' }), { maxKeys: 4, noNullPrototype: true }),
    value: fc.double(),
    timestamp: fc.integer(),
  },
  { requiredKeys: ['name', 'labels', 'value'] },
);

describe('parseExposition', () => {
  it('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.array(sampleArbitrary), (samples) => {
        const { samples: read, faults } = parseExposition(samples.map(write).join('\n'));
        expect(faults).toEqual([]);
        expect(read).toHaveLength(samples.length);
        for (const [index, sample] of samples.entries()) {
          expect(read[index]).toEqual({
            ...sample,
            value: sample.value === 0 ? expect.closeTo(0) : sample.value,
          });
        }
      }),
    );
  });

  it('never throws, whatever the page holds', () => {
    const pieces = fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '#', '1', '\n', 'NaN', 'é', '\t');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const { samples, faults } = parseExposition(parts.join(''));
        expect(samples.length + faults.length).toBeLessThanOrEqual(parts.length);
      }),
    );
  });

  it('reads help and type, and leaves other comments alone', () => {
    const page =
      '# HELP a_total Joules\\nof \\\\ all\n# TYPE a_total counter\n# just text\n#\n\na_total 1\n# EOF\n';
    const { samples, types, help, faults } = parseExposition(page);
    expect(samples).toEqual([{ name: 'a_total', labels: {}, value: 1 }]);
    expect(types.get('a_total')).toBe('counter');
    expect(help.get('a_total')).toBe('Joules\nof \\ all');
    expect(faults).toEqual([]);
  });

  it.each([
    ['a{} 1', {}],
    ['a{x="1",} 1', { x: '1' }],
    [' a { x = "1" , y="2" } 1', { x: '1', y: '2' }],
    ['a{x="C:\\\\dir\\n\\"q\\"}{,="} 1', { x: 'C:\\dir\n"q"}{,=' }],
    ['a{x="\\d"} 1', { x: '\\d' }],
    ['a{x="a\tb # c"} 1\r', { x: 'a\tb # c' }],
    ['{"a",x="1"} 1', { x: '1' }],
    ['{"a","a.b"="1"} 1', { 'a.b': '1' }],
  ])('reads the labels of %j', (line, labels) => {
    expect(one(line)).toEqual({ name: 'a', labels, value: 1 });
  });

  it.each([
    ['a +Inf', Number.POSITIVE_INFINITY],
    ['a -Inf', Number.NEGATIVE_INFINITY],
    ['a Nan', Number.NaN],
    ['a\t1.5e-3', 0.0015],
    ['a .5', 0.5],
    ['a 9.007199254740993e+15', 9_007_199_254_740_992],
  ])('reads the number of %j', (line, value) => {
    expect(one(line)).toEqual({ name: 'a', labels: {}, value });
  });

  it('reads time stamps and passes over exemplars', () => {
    const exemplar = '# {trace_id="a # b"} 0.67 1520879607.789';
    expect(one('a 1 1395066363000')).toMatchObject({ value: 1, timestamp: 1395066363000 });
    expect(one(`a{le="1"} 17 ${exemplar}`)).toEqual({ name: 'a', labels: { le: '1' }, value: 17 });
    expect(one(`a 17 1520879607.789 ${exemplar}`)).toMatchObject({ value: 17, timestamp: 1520879607.789 });
  });

  it.each([
    'a',
    'a{',
    'a{x} 1',
    'a{x=1} 1',
    'a{x="1} 1',
    'a{x="1"y="2"} 1',
    'a 1 2 3',
    'a 0x10',
    'a 1_0',
    '{} 1',
    'a1.5',
    '2a 1',
    'a{exe/path="x"} 1',
  ])('leaves out the line %j and reads those around it', (line) => {
    const { samples, faults } = parseExposition(`before 1\n${line}\nafter 2`);
    expect(samples.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(faults).toEqual([{ line: 2, reason: expect.any(String) }]);
  });
});
