import { mentionsPlace, placePrefix } from '../bundle/own-place.js';
import type { FunctionNode } from '../scope/analyse.js';
import type { Extract, Piece } from './extract.js';
import type { DefiningModule } from './module-text.js';

/** The name of the function in its module; what the module exports it as. */
export const EXPORT_NAME = '__function';

/** All but line breaks blank, so that what is left keeps its place. */
const blank = (text: string): string => text.replace(/[^\n\r]/g, ' ');

/** The beginning of a function that is written as a method, written as an expression. */
function expressionStart(node: FunctionNode, outerStart: number): string {
  if (node.start === outerStart) return '';
  return `${node.async ? 'async ' : ''}function${node.generator ? '* ' : ' '}`;
}

/** A module of what a function needs, and nothing else: every line stands where it stood in the module that it is from. */
export function entryText(
  { file, text, map, found }: DefiningModule,
  { pieces, declaredAs }: Extract,
): string {
  const { node, outerStart } = found;
  const before = `const ${EXPORT_NAME} = ${expressionStart(node, outerStart)}`;
  const itself: Piece = { start: node.start, end: node.end, before, after: ';' };
  const isInside = pieces.some(({ start, end }) => start <= node.start && node.end <= end);
  const inPlace = [...pieces, ...(declaredAs === undefined && !isInside ? [itself] : [])];
  const last =
    declaredAs === undefined
      ? `${isInside ? `${before}${text.slice(node.start, node.end)}; ` : ''}export { ${EXPORT_NAME} };`
      : `export { ${declaredAs} as ${EXPORT_NAME} };`;
  const comment =
    map === undefined
      ? ''
      : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const body = `${kept(text, inPlace)}\n${last}`;
  return `${mentionsPlace(body) ? placePrefix(file) : ''}${body}${comment}`;
}

function kept(text: string, pieces: readonly Piece[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, before, after } of pieces.toSorted((a, b) => a.start - b.start)) {
    const gap = blank(text.slice(at, start));
    // What is put before takes the place of what was there, if that was as long.
    const room = gap.length - 1 - gap.lastIndexOf('\n');
    result +=
      gap.slice(0, gap.length - Math.min(room, before.length)) + before + text.slice(start, end) + after;
    at = end;
  }
  return result;
}
