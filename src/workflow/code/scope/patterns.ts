import type { Identifier, Pattern } from 'acorn';

/** The variables that a pattern declares: `{ a, b: [c = 1], ...d }` gives a, c and d. */
export function* namesIn(pattern: Pattern): Generator<Identifier> {
  switch (pattern.type) {
    case 'Identifier':
      yield pattern;
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        yield* namesIn(property.type === 'RestElement' ? property.argument : property.value);
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) yield* namesIn(element);
      break;
    case 'RestElement':
      yield* namesIn(pattern.argument);
      break;
    case 'AssignmentPattern':
      yield* namesIn(pattern.left);
      break;
    case 'MemberExpression':
      break;
  }
}
