import type { AnyNode, CallExpression } from 'acorn';

const WRAPPER = /^__(commonJS|esm)(Min)?\d*$/;

/** The function that a bundler wrapped a module in, where this call does that: what is in it is on the level of a module. */
export function wrappedModule(call: CallExpression): AnyNode | undefined {
  if (call.callee.type !== 'Identifier' || !WRAPPER.test(call.callee.name)) return undefined;
  const [argument] = call.arguments;
  if (argument?.type !== 'ObjectExpression') return argument;
  const [property] = argument.properties;
  return property?.type === 'Property' ? property.value : undefined;
}
