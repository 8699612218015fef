import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../../base/index.js';
import { checkFunctionName, isFunctionName } from './name.js';

const problem = (name: string): WattloopError | undefined => {
  try {
    checkFunctionName(name);
    return undefined;
  } catch (error) {
    return error as WattloopError;
  }
};

describe('checkFunctionName', () => {
  it.each(['a', '0', 'resize', 'resize-2', 'a--b', 'a'.repeat(63)])('takes %s', (name) => {
    expect(problem(name)).toBeUndefined();
  });

  it.each([
    ['', /it is empty/, 'Name it with'],
    ['../etc/passwd', /only lower-case letters/, 'Name it with'],
    ['a'.repeat(300), /it has 300 characters, and 63 are allowed/, 'at most 63'],
    ['ml_train', /"ml_train".*only lower-case/, 'Name it "ml-train"'],
    ['Resize', /only lower-case/, 'Name it "resize"'],
    ['-a', /begin or end with a dash/, 'Name it "a"'],
    ['a\n', /"a\\n"/, 'Name it with'],
    ['é', /only lower-case/, 'Name it with'],
    ['.', /only lower-case/, 'Name it with'],
    ['__proto__', /only lower-case/, 'Name it "proto"'],
  ])('refuses %j', (name, message, remedy) => {
    const error = problem(name);
    expect(error).toBeInstanceOf(WattloopError);
    expect(error?.code).toBe('bad_input');
    expect(error?.message).toMatch(message);
    expect(error?.remedy).toContain(remedy);
  });

  it('takes exactly what is one label of a DNS name, in lower case', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9-]{0,70}$/)), (name) => {
        const isLabel =
          name.length >= 1 &&
          name.length <= 63 &&
          [...name].every((letter) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(letter)) &&
          !name.startsWith('-') &&
          !name.endsWith('-');
        expect(isFunctionName(name)).toBe(isLabel);
        const error = problem(name);
        expect(error === undefined).toBe(isLabel);
        // One line of modest length, whatever was given.
        expect(error?.line ?? '').not.toMatch(/[\n\r\0]/);
        expect((error?.line ?? '').length).toBeLessThan(400);
      }),
    );
  });
});
