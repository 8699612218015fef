import type { AnyNode } from 'acorn';

/** Constructors that only hold what they are given. */
const HOLDERS = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'RegExp',
  'Date',
  'URL',
  'TextEncoder',
  'TextDecoder',
  'Error',
  'Array',
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]);
/** Functions that give the same whenever they are called. */
const PURE_CALLS = new Set(['Object.freeze', 'BigInt', 'Number', 'String', 'Symbol.for', 'require']);

const all = (nodes: readonly (AnyNode | null)[]): boolean =>
  nodes.every((node) => node === null || isInert(node));

/**
 * Whether an expression may be evaluated in another process in place of the value that it had in this one: it runs nothing
 * of the script, and gives the same there.
 */
export function isInert(node: AnyNode): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassExpression':
    case 'MetaProperty':
      return true;
    case 'TemplateLiteral':
      return all(node.expressions);
    case 'UnaryExpression':
    case 'SpreadElement':
      return isInert(node.argument);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isInert(node.left) && isInert(node.right);
    case 'ConditionalExpression':
      return isInert(node.test) && isInert(node.consequent) && isInert(node.alternate);
    case 'ArrayExpression':
      return all(node.elements);
    case 'ObjectExpression':
      return all(node.properties);
    case 'Property':
      return (!node.computed || isInert(node.key)) && isInert(node.value);
    case 'MemberExpression':
      return isInert(node.object) && (!node.computed || isInert(node.property));
    case 'NewExpression': {
      // Without arguments, a date is the present.
      const isNow = nameOf(node.callee) === 'Date' && node.arguments.length === 0;
      return HOLDERS.has(nameOf(node.callee)) && !isNow && all(node.arguments);
    }
    case 'CallExpression': {
      // As compilers write an enumeration of TypeScript.
      const isAtOnce = /^(Arrow)?FunctionExpression$/.test(node.callee.type);
      return (isAtOnce || PURE_CALLS.has(nameOf(node.callee))) && all(node.arguments);
    }
    default:
      return false;
  }
}

function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  const isDotted = node.type === 'MemberExpression' && !node.computed;
  if (!isDotted || node.property.type !== 'Identifier') return '';
  return `${nameOf(node.object)}.${node.property.name}`;
}
