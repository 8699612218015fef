import type { ModuleDeclaration, Statement, VariableDeclaration } from 'acorn';
import { namesIn } from './patterns.js';
import type { Scope } from './scope.js';

type Item = Statement | ModuleDeclaration;

function declareNames(declaration: VariableDeclaration, scope: Scope): void {
  // `using` is as constant as `const`.
  const kind = declaration.kind === 'var' || declaration.kind === 'let' ? declaration.kind : 'const';
  for (const { id } of declaration.declarations) {
    for (const { name, start } of namesIn(id)) scope.declare(name, kind, start);
  }
}

/** Declares every `var` in these statements, however deep, but for those of functions within. */
export function hoistVars(items: readonly (Item | null | undefined)[], scope: Scope): void {
  for (const item of items) if (item) hoistFrom(item, scope);
}

function hoistFrom(item: Item, scope: Scope): void {
  switch (item.type) {
    case 'VariableDeclaration':
      if (item.kind === 'var') declareNames(item, scope);
      break;
    case 'ExportNamedDeclaration':
      if (item.declaration?.type === 'VariableDeclaration') hoistFrom(item.declaration, scope);
      break;
    case 'BlockStatement':
      hoistVars(item.body, scope);
      break;
    case 'IfStatement':
      hoistVars([item.consequent, item.alternate], scope);
      break;
    case 'ForStatement':
      if (item.init?.type === 'VariableDeclaration') hoistFrom(item.init, scope);
      hoistFrom(item.body, scope);
      break;
    case 'ForInStatement':
    case 'ForOfStatement':
      if (item.left.type === 'VariableDeclaration') hoistFrom(item.left, scope);
      hoistFrom(item.body, scope);
      break;
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'LabeledStatement':
    case 'WithStatement':
      hoistFrom(item.body, scope);
      break;
    case 'TryStatement':
      hoistVars([item.block, item.handler?.body, item.finalizer], scope);
      break;
    case 'SwitchStatement':
      for (const { consequent } of item.cases) hoistVars(consequent, scope);
      break;
  }
}

/** Declares what stands in these statements themselves: let, const, classes, functions, imports. */
export function declareLexical(items: readonly Item[], scope: Scope): void {
  for (const item of items) declareItem(item, scope);
}

function declareItem(item: Item, scope: Scope): void {
  switch (item.type) {
    case 'VariableDeclaration':
      if (item.kind !== 'var') declareNames(item, scope);
      break;
    case 'FunctionDeclaration':
      scope.declare(item.id.name, 'function', item.id.start);
      break;
    case 'ClassDeclaration':
      scope.declare(item.id.name, 'class', item.id.start);
      break;
    case 'ImportDeclaration':
      for (const { local } of item.specifiers) scope.declare(local.name, 'import', local.start);
      break;
    case 'ExportNamedDeclaration':
      if (item.declaration) declareItem(item.declaration, scope);
      break;
    case 'ExportDefaultDeclaration': {
      const { declaration } = item;
      if (declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration') break;
      if (declaration.id) {
        const kind = declaration.type === 'ClassDeclaration' ? 'class' : 'function';
        scope.declare(declaration.id.name, kind, declaration.id.start);
      }
      break;
    }
    case 'LabeledStatement':
      declareItem(item.body, scope);
      break;
  }
}
