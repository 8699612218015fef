import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFunction } from '../testing/random-function.js';
import { findClosures } from './find-closures.js';

it('finds exactly the names that a function uses and nothing in it declares', () => {
  let withFree = 0;
  const choices = fc.array(fc.nat(1_000), { minLength: 5, maxLength: 150 });
  fc.assert(
    fc.property(choices, (made) => {
      const { source, free } = randomFunction(made);
      const text = `build((a, b, c, d) => use(${source}));`;
      const found = findClosures(text, [{ name: 'f', source }]).map(({ variable }) => variable);
      expect(new Set(found)).toEqual(free);
      if (free.size > 0 && free.size < 4) withFree++;
    }),
    { numRuns: 2_000 },
  );
  // Of the interesting kind there were many.
  expect(withFree).toBeGreaterThan(200);
});

it('takes what the module declares for no closure', () => {
  const choices = fc.array(fc.nat(1_000), { minLength: 5, maxLength: 100 });
  fc.assert(
    fc.property(choices, (made) => {
      const { source } = randomFunction(made);
      const text = `import a, { b } from 'm'; import * as c from 'm'; import { x as d } from 'm'; build(() => use(${source}));`;
      // Unless it is the function itself that changes it.
      const reasons = findClosures(text, [{ name: 'f', source }]).map(({ reason }) => reason);
      expect(reasons).not.toContain('enclosing');
    }),
    { numRuns: 500 },
  );
});
