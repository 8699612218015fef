import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substitute } from './substitute.js';

/** Written with #, as the texts are no templates of ours. */
const dollars = (text: string): string => text.replaceAll('#', '$');

const variables = { A: 'one', EMPTY: '', B_2: 'two' };

describe('substitute', () => {
  it.each([
    ['plain #A text', 'plain #A text'],
    ['#{A}', 'one'],
    ['x#{A}y#{B_2}z', 'xoneytwoz'],
    ['#{NONE}', ''],
    ['#{NONE:-other}', 'other'],
    ['#{NONE-other}', 'other'],
    ['#{NONE:=other}', 'other'],
    ['#{EMPTY:-other}', 'other'],
    ['#{EMPTY-other}', ''],
    ['#{A:-other}', 'one'],
    ['#{NONE:-#{A}}/x', 'one/x'],
    ['#{NONE:-a:b-c}', 'a:b-c'],
    ['##{A} #{A}', '#{A} one'],
    ['#{A}#{A}', 'oneone'],
  ])('makes %j %j', (text, result) => {
    expect(substitute(dollars(text), variables)).toBe(dollars(result));
  });

  it.each(['#{', '#{A', '#{}', '#{A:?no}', '#{1A}', '#{A B}', '#{NONE:-#{A}'])('refuses %j', (text) => {
    expect(() => substitute(dollars(text), variables)).toThrow(/is no variable|no closing brace/);
  });

  it('says which variables are missing', () => {
    const missing: string[] = [];
    substitute(dollars('#{NONE} #{A} #{NONE:-x} #{EMPTY}'), variables, (name) => missing.push(name));
    expect(missing).toEqual(['NONE']);
  });

  it('leaves alone what has no variable, and never reads a value as one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, value) => {
        const plain = text.replaceAll(dollars('#{'), '');
        expect(substitute(plain, { A: value })).toBe(plain);
        expect(substitute(dollars('#{A}') + plain.replace(/^\$/, ''), { A: value })).toBe(
          value + plain.replace(/^\$/, ''),
        );
      }),
    );
  });
});
