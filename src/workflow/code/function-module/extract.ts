import type { AnyNode, ImportDeclaration, Program, VariableDeclarator } from 'acorn';
import { ErrorCode, WattloopError } from '../../../base/index.js';
import type { Analysis, FoundFunction } from '../scope/analyse.js';
import { freeNames, isConstant, isOfModule } from '../scope/captures.js';
import type { Binding } from '../scope/scope.js';
import { isInert } from './inert.js';

/** A piece of a module's text that goes along, with what makes it a statement of its own. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

export interface Extract {
  readonly pieces: readonly Piece[];
  /** The name under which a piece declares the function itself; undefined where it must be added. */
  readonly declaredAs: string | undefined;
}

/** Names that are no globals though nothing in a CommonJS file declares them. */
const OF_COMMONJS = new Set(['require', 'module', 'exports', '__filename', '__dirname']);

/** What a function needs of the module around it: imports, functions, classes, and constants that run nothing. */
export function extract(analysis: Analysis, found: FoundFunction, name: string): Extract {
  const program = analysis.scope.node as Program;
  const pieces = new Map<AnyNode, Piece>();
  const wanted: { start: number; end: number }[] = [found.node];
  const seen = new Set<Binding>();
  const itself = declaredFunction(program, found);
  for (let node = wanted.pop(); node; node = wanted.pop()) {
    const { bindings, globals } = freeNames(analysis, node);
    for (const global of globals) refuseUnknown(global, name);
    for (const binding of bindings) {
      if (seen.has(binding)) continue;
      seen.add(binding);
      const statement = isOfModule(binding) ? statementOf(program, binding) : undefined;
      if (!statement) throw refusal(name, binding.name, 'is a variable of the function or block around it');
      const part = partOf(statement, binding);
      if (part === undefined) throw refusal(name, binding.name, WHY_NOT);
      if (!isConstant(binding)) throw refusal(name, binding.name, 'is changed after it got its first value');
      pieces.set(part.node, part.piece);
      wanted.push(part.piece);
    }
  }
  if (itself && !pieces.has(itself.node)) pieces.set(itself.node, itself.piece);
  return { pieces: [...pieces.values()], declaredAs: itself?.name };
}

const WHY_NOT = 'gets its value when the script runs';
const REMEDY =
  'Pass it with the item, or put the function into a module of its own and give { module, name }';

const refusal = (name: string, variable: string, why: string): WattloopError =>
  new WattloopError(ErrorCode.closure, `${name} uses "${variable}", which ${why}`, { remedy: REMEDY });

function refuseUnknown(global: string, name: string): void {
  const isKnown =
    global in globalThis || OF_COMMONJS.has(global) || /^(this|arguments|import\.meta)$/.test(global);
  if (!isKnown) throw refusal(name, global, 'is declared nowhere');
}

const statementOf = (program: Program, { start }: Binding): AnyNode | undefined =>
  program.body.find((statement) => statement.start <= start && start < statement.end);

interface Part {
  readonly node: AnyNode;
  readonly piece: Piece;
}

const whole = (node: AnyNode, before = '', after = ''): Part => ({
  node,
  piece: { start: node.start, end: node.end, before, after },
});

/** The part of a statement that declares a variable, when it can go along. */
function partOf(statement: AnyNode, binding: Binding): Part | undefined {
  switch (statement.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return whole(statement);
    case 'ExportNamedDeclaration':
      return statement.declaration ? partOf(statement.declaration, binding) : undefined;
    case 'ExportDefaultDeclaration':
      return partOf(statement.declaration, binding);
    case 'ImportDeclaration':
      return importOf(statement, binding);
    case 'VariableDeclaration': {
      const declarator = statement.declarations.find(
        ({ start, end }) => start <= binding.start && binding.start < end,
      );
      return declarator?.init && isInert(declarator.init) ? whole(declarator, 'const ', ';') : undefined;
    }
    default:
      return undefined;
  }
}

/** Only the name that is used, so that nothing is loaded for the others. */
function importOf(statement: ImportDeclaration, { start }: Binding): Part | undefined {
  const specifier = statement.specifiers.find(({ local }) => local.start === start);
  if (!specifier) return undefined;
  const attributes = statement.attributes.map(({ key, value }) => {
    const name = key.type === 'Identifier' ? key.name : JSON.stringify(key.value);
    return `${name}: ${JSON.stringify(value.value)}`;
  });
  const suffix = attributes.length > 0 ? ` with { ${attributes.join(', ')} }` : '';
  const [open, close] = specifier.type === 'ImportSpecifier' ? ['{ ', ' }'] : ['', ''];
  return whole(
    specifier,
    `import ${open}`,
    `${close} from ${JSON.stringify(statement.source.value)}${suffix};`,
  );
}

/** The declaration that a function is, or is the value of, on the level of its module. */
function declaredFunction(program: Program, { node }: FoundFunction): (Part & { name: string }) | undefined {
  for (const statement of program.body) {
    if (statement.start > node.start || node.end > statement.end) continue;
    const isExport =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    const declaration: AnyNode | null | undefined = isExport ? statement.declaration : statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration === node && declaration.id) {
      return { ...whole(declaration), name: declaration.id.name };
    }
    if (declaration?.type !== 'VariableDeclaration') return undefined;
    const declarator = declaration.declarations.find(({ init }) => init === node);
    return declarator && namedDeclarator(declarator);
  }
  return undefined;
}

function namedDeclarator(declarator: VariableDeclarator): (Part & { name: string }) | undefined {
  if (declarator.id.type !== 'Identifier') return undefined;
  return { ...whole(declarator, 'const ', ';'), name: declarator.id.name };
}
