import type { AnyNode } from 'acorn';

export type BindingKind =
  | 'var'
  | 'let'
  | 'const'
  | 'class'
  | 'function'
  | 'parameter'
  | 'import'
  | 'catch'
  /** The name of a function or class expression, inside it. */
  | 'self'
  /** `this`, `super`, `new.target` and `arguments` of a function that has its own. */
  | 'own';

/** A place where a variable gets a value. */
interface Setting {
  readonly start: number;
  readonly isDeclaration: boolean;
  readonly scope: Scope;
}

export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** Offset of the name where it is declared. */
  readonly start: number;
  readonly scope: Scope;
  readonly settings: Setting[];
}

export type ScopeKind = 'module' | 'function' | 'block';

/** Names that a function which is no arrow function has for itself. */
const OWN = new Set(['this', 'super', 'new.target', 'arguments']);

/** Where names are declared: a module, a function's parameters, its body, a block. */
export class Scope {
  readonly kind: ScopeKind;
  readonly node: AnyNode;
  readonly parent: Scope | undefined;
  /** Whether `this` is its own. */
  readonly hasThis: boolean;
  // Most blocks declare nothing.
  #bindings: Map<string, Binding> | undefined;

  constructor(kind: ScopeKind, node: AnyNode, parent?: Scope, hasThis = false) {
    this.kind = kind;
    this.node = node;
    this.parent = parent;
    this.hasThis = hasThis;
  }

  declare(name: string, kind: BindingKind, start: number): Binding {
    const known = this.#bindings?.get(name);
    if (known) return known;
    const binding: Binding = { name, kind, start, scope: this, settings: [] };
    this.#bindings ??= new Map();
    this.#bindings.set(name, binding);
    return binding;
  }

  get bindings(): Iterable<Binding> {
    return this.#bindings?.values() ?? [];
  }

  /** The declaration that a name means here; undefined for a global. */
  find(name: string): Binding | undefined {
    const isOwn = OWN.has(name);
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const binding = scope.#bindings?.get(name);
      if (binding) return binding;
      if (isOwn && scope.hasThis) return scope.declare(name, 'own', scope.node.start);
    }
    return undefined;
  }

  /** The module or function in which it is. */
  get home(): Scope {
    for (let scope: Scope = this; ; scope = scope.parent) {
      if (scope.kind !== 'block' || scope.parent === undefined) return scope;
    }
  }
}
