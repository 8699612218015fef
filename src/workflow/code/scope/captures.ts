import type { Analysis, FunctionNode } from './analyse.js';
import type { Binding } from './scope.js';

/** Why a variable can't go to another process with the function that uses it. */
export type CaptureReason =
  /** It belongs to a function or block around: every call of that has another one. */
  | 'enclosing'
  /** It belongs to the module and is changed: the other process would have its first value. */
  | 'reassigned';

export interface Capture {
  readonly binding: Binding;
  readonly reason: CaptureReason;
}

export interface FreeNames {
  /** Variables outside the function, each once, in the order of their use. */
  readonly bindings: readonly Binding[];
  /** Names that nothing in the module declares. */
  readonly globals: readonly string[];
}

/** What a function uses of what stands around it. */
export function freeNames(analysis: Analysis, { start, end }: { start: number; end: number }): FreeNames {
  const bindings = new Set<Binding>();
  const globals = new Set<string>();
  for (const reference of analysis.references) {
    if (reference.start < start || reference.start >= end) continue;
    const { binding, name } = reference;
    if (!binding) globals.add(name);
    else if (binding.start < start || binding.start >= end) bindings.add(binding);
  }
  return { bindings: [...bindings], globals: [...globals] };
}

/** The variables that a function uses and that would be lost, or have another value, in another process. */
export function captures(analysis: Analysis, node: FunctionNode): Capture[] {
  return freeNames(analysis, node).bindings.flatMap((binding): Capture[] => {
    if (!isOfModule(binding)) return [{ binding, reason: 'enclosing' }];
    return isConstant(binding) ? [] : [{ binding, reason: 'reassigned' }];
  });
}

export const isOfModule = (binding: Binding): boolean => binding.scope.kind === 'module';

/**
 * Whether a variable of a module has one value as soon as the module has run. It may get it piece by piece while the
 * module runs, as bundlers and namespaces do it, if it was declared without one.
 */
export function isConstant(binding: Binding): boolean {
  const { settings } = binding;
  const assignments = settings.filter(({ isDeclaration }) => !isDeclaration);
  const declarations = settings.length - assignments.length;
  const isGivenOnDeclaration = declarations > 0 || binding.kind === 'function' || binding.kind === 'class';
  if (assignments.length === 0) return declarations <= 1;
  return !isGivenOnDeclaration && assignments.every(({ scope }) => scope.home.kind === 'module');
}
