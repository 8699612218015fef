import type {
  AnyNode,
  ArrowFunctionExpression,
  AssignmentExpression,
  CallExpression,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
  ModuleDeclaration,
  Pattern,
  Program,
  Statement,
  VariableDeclaration,
} from 'acorn';
import { declareLexical, hoistVars } from './hoist.js';
import { wrappedModule } from './module-wrapper.js';
import { namesIn } from './patterns.js';
import { type Binding, Scope } from './scope.js';

type AnonymousFunction = Omit<FunctionDeclaration, 'id'> & { id: null };
type ClassNode = ClassDeclaration | ClassExpression | (Omit<ClassDeclaration, 'id'> & { id: null });
export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression
  | AnonymousFunction;

/** A place where a name is used. */
interface Reference {
  readonly name: string;
  readonly start: number;
  /** Undefined for a global. */
  readonly binding: Binding | undefined;
}

export interface FoundFunction {
  readonly node: FunctionNode;
  /** Where its text may begin: a method's begins before its parameters. */
  readonly outerStart: number;
}

export interface Analysis {
  readonly references: readonly Reference[];
  readonly functions: readonly FoundFunction[];
  readonly scope: Scope;
}

/** Finds what every name in a module means: by the rules of the language, strict mode's. */
export function analyse(program: Program): Analysis {
  const analyser = new Analyser(program);
  analyser.statements(program.body, analyser.scope);
  return analyser;
}

class Analyser implements Analysis {
  readonly references: Reference[] = [];
  readonly functions: FoundFunction[] = [];
  readonly scope: Scope;
  readonly #wrappers = new Set<AnyNode>();

  constructor(program: Program) {
    this.scope = new Scope('module', program);
    hoistVars(program.body, this.scope);
    declareLexical(program.body, this.scope);
  }

  statements(items: readonly (Statement | ModuleDeclaration)[], scope: Scope): void {
    for (const item of items) this.#visit(item, scope);
  }

  #block(items: readonly Statement[], node: AnyNode, parent: Scope): void {
    const scope = new Scope('block', node, parent);
    declareLexical(items, scope);
    this.statements(items, scope);
  }

  #refer(name: string, start: number, scope: Scope): Binding | undefined {
    const binding = scope.find(name);
    this.references.push({ name, start, binding });
    return binding;
  }

  #visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node.name, node.start, scope);
        break;
      case 'ThisExpression':
        this.#refer('this', node.start, scope);
        break;
      case 'Super':
        this.#refer('super', node.start, scope);
        break;
      case 'MetaProperty':
        this.#refer(`${node.meta.name}.${node.property.name}`, node.start, scope);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node, node.start, scope);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node, scope);
        break;
      case 'BlockStatement':
        this.#block(node.body, node, scope);
        break;
      case 'SwitchStatement': {
        this.#visit(node.discriminant, scope);
        const inner = new Scope('block', node, scope);
        for (const { consequent } of node.cases) declareLexical(consequent, inner);
        for (const one of node.cases) this.#children(one, inner);
        break;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope('block', node, scope);
        const head = node.type === 'ForStatement' ? node.init : node.left;
        if (head?.type === 'VariableDeclaration') declareLexical([head], inner);
        if (node.type === 'ForStatement') this.#children(node, inner);
        else this.#forEach(node.left, [node.right, node.body], inner);
        break;
      }
      case 'CatchClause': {
        const inner = new Scope('block', node, scope);
        if (node.param) {
          for (const { name, start } of namesIn(node.param)) inner.declare(name, 'catch', start);
          this.#pattern(node.param, inner, () => {});
        }
        this.#visit(node.body, inner);
        break;
      }
      case 'VariableDeclaration':
        this.#variables(node, scope);
        break;
      case 'AssignmentExpression':
        this.#assignment(node, scope);
        break;
      case 'UnaryExpression': {
        // That something may be declared nowhere is just what `typeof` is asked for.
        const { operator, argument } = node;
        const isAsked = operator === 'typeof' && argument.type === 'Identifier';
        if (!isAsked || scope.find(argument.name)) this.#visit(argument, scope);
        break;
      }
      case 'UpdateExpression':
        this.#assign(node.argument as Pattern, scope);
        break;
      case 'MemberExpression':
        this.#visit(node.object, scope);
        if (node.computed) this.#visit(node.property, scope);
        break;
      case 'Property':
        if (node.computed) this.#visit(node.key, scope);
        if (node.value.type === 'FunctionExpression' && (node.method || node.kind !== 'init')) {
          this.#function(node.value, node.start, scope);
        } else this.#visit(node.value, scope);
        break;
      case 'CallExpression':
        this.#call(node, scope);
        break;
      case 'LabeledStatement':
        this.#visit(node.body, scope);
        break;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#visit(node.declaration, scope);
        if (node.source) break;
        for (const { local } of node.specifiers) if (local.type === 'Identifier') this.#visit(local, scope);
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        if (declaration.type === 'FunctionDeclaration') {
          this.#function(declaration, declaration.start, scope);
        } else if (declaration.type === 'ClassDeclaration') this.#class(declaration, scope);
        else this.#visit(declaration, scope);
        break;
      }
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        break;
      default:
        this.#children(node, scope);
    }
  }

  #children(node: AnyNode, scope: Scope): void {
    for (const value of Object.values(node) as unknown[]) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) this.#visit(item, scope);
      } else if (isNode(value)) this.#visit(value, scope);
    }
  }

  #call(node: CallExpression, scope: Scope): void {
    const wrapped = wrappedModule(node);
    if (wrapped) this.#wrappers.add(wrapped);
    this.#children(node, scope);
  }

  #function(node: FunctionNode, outerStart: number, outer: Scope): void {
    this.functions.push({ node, outerStart });
    const isArrow = node.type === 'ArrowFunctionExpression';
    // What a bundler wraps a CommonJS module in is that module.
    const kind = this.#wrappers.has(node) ? 'module' : 'function';
    let parent = outer;
    if (node.type === 'FunctionExpression' && node.id) {
      parent = new Scope('block', node, outer);
      parent.declare(node.id.name, 'self', node.id.start);
    }
    const parameters = new Scope(kind, node, parent, !isArrow);
    for (const parameter of node.params) {
      for (const { name, start } of namesIn(parameter)) parameters.declare(name, 'parameter', start);
    }
    for (const parameter of node.params) this.#pattern(parameter, parameters, () => {});
    if (node.body.type !== 'BlockStatement') {
      this.#visit(node.body, parameters);
      return;
    }
    // Defaults of parameters do not see what the body declares.
    const body = new Scope(kind, node, parameters);
    hoistVars(node.body.body, body);
    declareLexical(node.body.body, body);
    this.statements(node.body.body, body);
  }

  #class(node: ClassNode, outer: Scope): void {
    const scope = new Scope('block', node, outer);
    if (node.id) scope.declare(node.id.name, 'self', node.id.start);
    if (node.superClass) this.#visit(node.superClass, scope);
    for (const element of node.body.body) {
      if (element.type === 'StaticBlock') {
        const inner = new Scope('function', element, scope, true);
        hoistVars(element.body, inner);
        declareLexical(element.body, inner);
        this.statements(element.body, inner);
        continue;
      }
      if (element.computed) this.#visit(element.key, scope);
      if (element.type === 'MethodDefinition') this.#function(element.value, element.start, scope);
      else if (element.value) this.#visit(element.value, new Scope('function', element, scope, true));
    }
  }

  #forEach(left: VariableDeclaration | Pattern, rest: readonly AnyNode[], scope: Scope): void {
    if (left.type === 'VariableDeclaration') {
      for (const { id } of left.declarations) this.#pattern(id, scope, this.#setter(scope, false));
    } else this.#assign(left, scope);
    for (const node of rest) this.#visit(node, scope);
  }

  #variables(node: VariableDeclaration, scope: Scope): void {
    for (const { id, init } of node.declarations) {
      this.#pattern(id, scope, init ? this.#setter(scope, true) : () => {});
      if (init) this.#visit(init, scope);
    }
  }

  #assignment(node: AssignmentExpression, scope: Scope): void {
    this.#assign(node.left, scope);
    this.#visit(node.right, scope);
  }

  #assign(target: Pattern, scope: Scope): void {
    const set = this.#setter(scope, false);
    this.#pattern(target, scope, (name, start) => {
      this.#refer(name, start, scope);
      set(name, start);
    });
  }

  #setter(scope: Scope, isDeclaration: boolean): (name: string, start: number) => void {
    return (name, start) => scope.find(name)?.settings.push({ start, isDeclaration, scope });
  }

  /** Visits what is computed in a pattern, and tells of the variables that it gives values. */
  #pattern(pattern: Pattern, scope: Scope, found: (name: string, start: number) => void): void {
    switch (pattern.type) {
      case 'Identifier':
        found(pattern.name, pattern.start);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#pattern(property.argument, scope, found);
          else {
            if (property.computed) this.#visit(property.key, scope);
            this.#pattern(property.value, scope, found);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#pattern(element, scope, found);
        break;
      case 'RestElement':
        this.#pattern(pattern.argument, scope, found);
        break;
      case 'AssignmentPattern':
        this.#pattern(pattern.left, scope, found);
        this.#visit(pattern.right, scope);
        break;
      case 'MemberExpression':
        this.#visit(pattern, scope);
        break;
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
